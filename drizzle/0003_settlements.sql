-- Settlements by their code in the Central Bureau of Statistics' list, for stores whose lists have the code alone.
-- fetched_at is when data.gov.il last named them.
create table catalog.settlements (
  code text primary key,
  name text not null,
  fetched_at timestamptz not null
);
