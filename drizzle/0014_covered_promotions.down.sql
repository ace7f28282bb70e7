delete from pricing.coverage where full_lists + delta_lists = 0;
alter table pricing.coverage drop full_stores, drop promotions, drop promotion_lists;
