-- Every word that products are searched by, with its sounds in Latin letters (trigrams know no others in the C locale):
-- what a misspelt word may be. Filled when products are derived.
create extension if not exists pg_trgm;
create table catalog.search_words (
  word text collate "C" primary key,
  sounds text not null
);
create index search_words_sounds on catalog.search_words using gin (sounds gin_trgm_ops);
