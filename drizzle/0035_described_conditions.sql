-- What the cells of a promotion say is kept apart from what is settled with its description, so that other rules settle
-- it again without its file. The settled columns of existing promotions are decided by the next run of the ingestion.
alter table pricing.promotion_terms
  add by_cells jsonb not null default '{}',
  add difference text,
  add conditions_from text not null default 'cells',
  add condition_words text[] not null default '{}',
  add weight_reading text,
  add item_agorot jsonb,
  add weekdays integer[],
  add item_objection text;
update pricing.promotion_terms set by_cells = jsonb_strip_nulls(jsonb_build_object('kind', kind, 'notComputable', not_computable,
  'quantity', quantity, 'weightUnsettled', weight_unsettled, 'agorot', agorot, 'rate', rate, 'maxQuantity', max_quantity,
  'minBasketAgorot', coalesce(min_basket_agorot,
    case when extra ->> 'minamount' ~ '^\d{1,6}(\.\d+)?$' and (extra ->> 'minamount')::numeric >= 1
      then round((extra ->> 'minamount')::numeric * 100)::integer end),
  'clubs', clubs, 'coupon', coupon));

alter table ingestion.staged_promotion_terms
  add by_cells jsonb not null default '{}',
  add difference text,
  add conditions_from text not null default 'cells',
  add condition_words text[] not null default '{}',
  add weight_reading text,
  add item_agorot jsonb,
  add weekdays integer[];

-- The rules by which the settled columns were decided.
create table pricing.derived (
  only_row boolean primary key default true check (only_row),
  rules text not null
);
