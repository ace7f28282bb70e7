drop table pricing.coverage;
