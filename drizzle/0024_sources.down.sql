drop table ingestion.sources;
