-- The datasets that ingestion loads from, as people register them; the public one is there from the beginning.
create table ingestion.sources (
  id integer primary key generated always as identity,
  name text not null unique,
  description text,
  source_url text not null,
  kind text not null check (kind in ('kaggle', 'directory', 'zip')),
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
insert into ingestion.sources (name, description, source_url, kind)
values ('israeli-supermarkets-2024', 'The public price files of Israel''s supermarket chains, daily',
  'https://www.kaggle.com/datasets/erlichsefi/israeli-supermarkets-2024', 'kaggle');
