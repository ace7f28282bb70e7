-- What products are, by the rules of modules/catalog/categories. Null until the next run of the ingestion, which derives
-- whatever was derived by another edition of the rules.
alter table catalog.products add category text, add subcategory text, add category_rule text;
create index products_category on catalog.products (category, subcategory);
create table catalog.derived (
  only_row boolean primary key default true check (only_row),
  rules text not null
);
