drop table pricing.store_levels;
