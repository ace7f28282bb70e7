drop table catalog.derived;
alter table catalog.products drop category, drop subcategory, drop category_rule;
