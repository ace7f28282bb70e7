-- Promotions beside prices in what was seen of a chain on a day: counted anew over the lists of both.
delete from pricing.coverage;
alter table pricing.coverage
  add full_stores integer not null,
  add promotions integer not null,
  add promotion_lists integer not null;
insert into pricing.coverage (chain_id, day, stores, full_stores, items, full_lists, delta_lists, promotions,
  promotion_lists, last_list_at)
select chain_id, day, count(distinct store_id),
  count(distinct store_id) filter (where of = 'prices' and kind = 'full'),
  coalesce(sum(rows) filter (where of = 'prices' and kind = 'full' and nth = 1), 0),
  count(*) filter (where of = 'prices' and kind = 'full'), count(*) filter (where of = 'prices' and kind = 'delta'),
  coalesce(sum(rows) filter (where of = 'promotions' and kind = 'full' and nth = 1), 0),
  count(*) filter (where of = 'promotions'), max(observed_at)
from (
  select s.chain_id, l.day, l.of, l.store_id, l.kind, l.rows, l.observed_at,
    row_number() over (partition by l.of, l.store_id, l.day, l.kind
      order by l.observed_at desc, l.file_name collate "C" desc, l.sha256 desc) as nth
  from (
    select 'prices' as of, (observed_at at time zone 'Asia/Jerusalem')::date as day, store_id, kind, rows, observed_at,
      file_name, sha256 from pricing.price_lists
    union all
    select 'promotions', (observed_at at time zone 'Asia/Jerusalem')::date, store_id, kind, rows, observed_at,
      file_name, sha256 from pricing.promotion_lists
  ) l join catalog.stores s on s.id = l.store_id
) seen
group by chain_id, day;
