-- What was seen of a chain on a day in Israel: counted anew when a publish brings lists of the day, so that nobody has to
-- count a year's lists. "items" are the rows of the last full list of each store.
create table pricing.coverage (
  chain_id text not null references catalog.chains,
  day date not null,
  stores integer not null,
  items integer not null,
  full_lists integer not null,
  delta_lists integer not null,
  last_list_at timestamptz not null,
  primary key (chain_id, day)
);
insert into pricing.coverage (chain_id, day, stores, items, full_lists, delta_lists, last_list_at)
select chain_id, day, count(distinct store_id), coalesce(sum(rows) filter (where kind = 'full' and nth = 1), 0),
  count(*) filter (where kind = 'full'), count(*) filter (where kind = 'delta'), max(observed_at)
from (
  select s.chain_id, (l.observed_at at time zone 'Asia/Jerusalem')::date as day, l.store_id, l.kind, l.rows, l.observed_at,
    row_number() over (partition by l.store_id, (l.observed_at at time zone 'Asia/Jerusalem')::date, l.kind
      order by l.observed_at desc, l.file_name collate "C" desc, l.sha256 desc) as nth
  from pricing.price_lists l join catalog.stores s on s.id = l.store_id
) seen
group by chain_id, day;
