drop table pricing.derived;
alter table ingestion.staged_promotion_terms drop by_cells, drop difference, drop conditions_from, drop condition_words,
  drop weight_reading, drop item_agorot, drop weekdays;
-- back to what the cells alone say
update pricing.promotion_terms set kind = by_cells ->> 'kind', not_computable = by_cells ->> 'notComputable',
  quantity = (by_cells ->> 'quantity')::integer, weight_unsettled = (by_cells ->> 'weightUnsettled')::boolean,
  agorot = (by_cells ->> 'agorot')::integer, rate = (by_cells ->> 'rate')::integer,
  max_quantity = (by_cells ->> 'maxQuantity')::integer, min_basket_agorot = (by_cells ->> 'minBasketAgorot')::integer,
  coupon = (by_cells ->> 'coupon')::boolean
where by_cells ? 'kind';
alter table pricing.promotion_terms drop by_cells, drop difference, drop conditions_from, drop condition_words,
  drop weight_reading, drop item_agorot, drop weekdays, drop item_objection;
