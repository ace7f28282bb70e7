drop schema ingestion cascade;
drop schema pricing cascade;
drop schema catalog cascade;
drop schema core cascade;
