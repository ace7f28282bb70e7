-- What one unit costs in a store on the newest day of the dataset, where that is less than the store asked before: with the
-- prices before, and what other chains ask. Derived from prices, promotions and lists; emptied, it fills again with the
-- next publish.
create table pricing.reductions (
  product_id integer not null,
  store_id integer not null,
  agorot integer not null,
  shelf_agorot integer not null,
  terms_id integer,
  ends_on date not null,
  last_day date not null,
  low_30 integer not null,
  median_30 integer not null,
  days_30 integer not null,
  low_90 integer not null,
  median_90 integer not null,
  days_90 integer not null,
  market_agorot integer,
  market_stores integer not null,
  all_market_agorot integer,
  all_market_stores integer not null,
  primary key (product_id, store_id)
);
