drop table pricing.reductions;
