-- GS1's restricted numbers and 729000000xxxx belong to the chain that prints them (modules/catalog/products/barcode.ts).
-- Splits the products in which earlier versions merged such codes of several chains: each chain gets its own product,
-- with its own prices, promotions, wordings and price summary. The chain with the smallest id keeps the product's id.
create temp table split_products on commit drop as
select p.id as old_id, c.chain_id, p.code,
  row_number() over (partition by p.id order by c.chain_id) = 1 as keeps, p.id as new_id
from catalog.products p
  join (
    select product_id, chain_id from catalog.product_descriptions
    union
    select x.product_id, s.chain_id from pricing.prices x join catalog.stores s on s.id = x.store_id
  ) c on c.product_id = p.id
where p.chain_id is null
  and p.code ~ '^(2[0-9]{7}|[24][0-9]{11}|2[0-9]{12}|729000000[0-9]{4})$';
update split_products set new_id = n.id
from (
  select old_id, chain_id,
    (select coalesce(max(id), 0) from catalog.products) + row_number() over (order by old_id, chain_id) as id
  from split_products where not keeps
) n
where (n.old_id, n.chain_id) = (split_products.old_id, split_products.chain_id);

-- What a killed run left staged names the merged products: it is read again. Wordings are known by their product's id.
truncate ingestion.staging, ingestion.staged_lists, ingestion.staged_promotion_lists, ingestion.staged_promotion_keys,
  ingestion.staged_promotion_terms, ingestion.staged_terms_wordings, ingestion.staged_chains, ingestion.staged_stores,
  ingestion.staged_store_facts, ingestion.staged_products, ingestion.staged_descriptions, ingestion.staged_rejects,
  ingestion.staged_files, ingestion.wordings;

insert into catalog.products (id, code, chain_id, name, names, manufacturer, country, unit_of_measure, unit_quantity,
  is_weighted, extra, search, category, subcategory, category_rule, created_at)
select s.new_id, p.code, s.chain_id, p.name, p.names, p.manufacturer, p.country, p.unit_of_measure, p.unit_quantity,
  p.is_weighted, p.extra, p.search, p.category, p.subcategory, p.category_rule, p.created_at
from split_products s join catalog.products p on p.id = s.old_id where not s.keeps;
update catalog.products p set chain_id = s.chain_id, updated_at = now()
from split_products s where s.keeps and p.id = s.old_id;
select setval(pg_get_serial_sequence('catalog.products', 'id'), greatest((select max(id) from catalog.products), 1));

update catalog.product_descriptions d set product_id = s.new_id
from split_products s where not s.keeps and d.product_id = s.old_id and d.chain_id = s.chain_id;
-- the newest wording of the chain, until the next run derives names, categories and search words anew
update catalog.products p set name = coalesce(d.name, p.code), names = d.names, manufacturer = d.manufacturer,
  country = d.country, unit_of_measure = d.unit_of_measure, unit_quantity = d.unit_quantity, extra = d.extra
from (
  select distinct on (product_id) product_id, name, manufacturer, country, unit_of_measure, unit_quantity, extra,
    array(select distinct o.name from catalog.product_descriptions o
      where o.product_id = d.product_id and o.name is not null order by 1) as names
  from catalog.product_descriptions d join split_products s on s.new_id = d.product_id
  order by product_id, first_observed_at desc, hash desc
) d
where p.id = d.product_id;

create temp table moved_products on commit drop as
select s.old_id, s.new_id, t.id as store_id
from split_products s join catalog.stores t on t.chain_id = s.chain_id where not s.keeps;
update pricing.prices x set product_id = m.new_id
from moved_products m where x.product_id = m.old_id and x.store_id = m.store_id;
update pricing.sales x set product_id = m.new_id
from moved_products m where x.product_id = m.old_id and x.store_id = m.store_id;
update pricing.reductions x set product_id = m.new_id
from moved_products m where x.product_id = m.old_id and x.store_id = m.store_id;
-- no other chain sells what is a chain's own
update pricing.reductions x set market_agorot = null, market_stores = 0, all_market_agorot = null, all_market_stores = 0
from split_products s where x.product_id = s.new_id;

update pricing.price_lists l set product_ids = array(
  select coalesce(m.new_id, id) from unnest(l.product_ids) id
    left join moved_products m on m.old_id = id and m.store_id = l.store_id
  order by 1)
where exists (select from moved_products m where m.store_id = l.store_id and m.old_id = any(l.product_ids));

update pricing.promotion_terms t set
  product_ids = array(
    select coalesce(own.new_id, id) from unnest(t.product_ids) id
      left join split_products own on own.old_id = id and own.chain_id = t.chain_id
    where own.new_id is not null or id not in (select old_id from split_products) order by 1),
  unknown_codes = array(
    select code from unnest(t.unknown_codes) code
    union
    select s.code from unnest(t.product_ids) id join split_products s on s.old_id = id
    where not exists (select from split_products own where own.old_id = id and own.chain_id = t.chain_id)
    order by 1)
where t.product_ids && array(select old_id from split_products);

delete from pricing.product_spans where product_id in (select new_id from split_products);
insert into pricing.product_spans (product_id, spans)
select product_id, string_agg(int4send(store_id)
  || int4send((extract(epoch from valid_from)::bigint - 2147483648)::integer)
  || int4send((coalesce(extract(epoch from valid_to)::bigint, 4294967295) - 2147483648)::integer)
  || int4send(agorot), '' order by store_id, valid_from)
from pricing.prices where product_id in (select new_id from split_products) group by product_id;

update catalog.products p set
  min_agorot = r.min_agorot, max_agorot = r.max_agorot, sum_agorot = r.sum_agorot,
  store_count = coalesce(r.store_count, 0), all_min_agorot = r.all_min_agorot, all_max_agorot = r.all_max_agorot,
  all_sum_agorot = r.all_sum_agorot, all_store_count = coalesce(r.all_store_count, 0),
  chain_ids = coalesce(r.chain_ids, '{}'),
  sale_days = coalesce(o.sale_days, '{}'), sale_agorot = coalesce(o.sale_agorot, '{}')
from split_products s
  left join (
    select x.product_id, min(agorot) filter (where fresh) as min_agorot, max(agorot) filter (where fresh) as max_agorot,
      sum(agorot) filter (where fresh) as sum_agorot, (count(*) filter (where fresh))::integer as store_count,
      min(agorot) as all_min_agorot, max(agorot) as all_max_agorot, sum(agorot) as all_sum_agorot,
      count(*)::integer as all_store_count, array_agg(distinct t.chain_id order by t.chain_id) as chain_ids
    from pricing.prices x join (
      select t.id, t.chain_id, g.stale_before is null or t.last_observed_at >= g.stale_before as fresh
      from catalog.stores t cross join core.generation g) t on t.id = x.store_id
    where x.valid_to is null and x.product_id in (select new_id from split_products)
    group by x.product_id
  ) r on r.product_id = s.new_id
  left join (
    select product_id, array_agg(days order by days, agorot) as sale_days,
      array_agg(agorot order by days, agorot) as sale_agorot
    from (
      select x.product_id, daterange(starts_on, ends_on, '[]') as days, min(agorot) as agorot
      from pricing.sales x join catalog.stores t on t.id = x.store_id cross join core.generation g
      where (g.stale_before is null or t.last_observed_at >= g.stale_before)
        and x.product_id in (select new_id from split_products)
      group by x.product_id, starts_on, ends_on
    ) ranges group by product_id
  ) o on o.product_id = s.new_id
where p.id = s.new_id;

update core.generation set number = number + 1, published_at = now(),
  stats = stats || jsonb_build_object('products', (select count(*) from catalog.products))
where exists (select from split_products);
-- names, categories, search words and the levels of stores: the next run derives them anew
delete from catalog.derived where exists (select from split_products);
