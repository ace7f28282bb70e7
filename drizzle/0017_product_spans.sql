-- Every price that a product ever had, in one row: what a trend over thousands of products reads instead of a row for
-- each store and price. Derived from pricing.prices, of products that changed, when they are published.
create table pricing.product_spans (
  product_id integer primary key,
  -- four four-byte numbers a span, in the order of store and time: store, from, to (seconds, all ones while it holds), agorot
  spans bytea not null
) with (toast_tuple_target = 8160);
alter table pricing.product_spans alter spans set storage external;
insert into pricing.product_spans (product_id, spans)
select product_id, string_agg(int4send(store_id)
  || int4send((extract(epoch from valid_from)::bigint - 2147483648)::integer)
  || int4send((coalesce(extract(epoch from valid_to)::bigint, 4294967295) - 2147483648)::integer)
  || int4send(agorot), '' order by store_id, valid_from)
from pricing.prices group by product_id;
