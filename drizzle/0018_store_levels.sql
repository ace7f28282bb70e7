-- How a store's prices compare with the market's, by category: derived from the current prices when any has changed. Empty
-- until the next run of the ingestion, as the categories are.
create table pricing.store_levels (
  category text not null,
  store_id integer not null,
  -- the products of the category that enough stores sell, and those of them that this store sells
  market_products integer not null,
  products integer not null,
  -- the sum of the logarithms of its prices relative to the market's, and of their squares
  logs double precision not null,
  squares double precision not null,
  primary key (category, store_id)
);
