drop table ingestion.staged_terms_wordings, ingestion.terms_wordings, ingestion.staged_promotion_terms, ingestion.staged_promotion_keys, ingestion.staged_promotion_lists;
alter table catalog.products drop sale_days, drop sale_agorot;
drop table pricing.sales, pricing.promotions, pricing.promotion_lists, pricing.promotion_terms, pricing.promotion_keys;
