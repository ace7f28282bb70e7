drop table catalog.search_words;
drop extension pg_trgm;
