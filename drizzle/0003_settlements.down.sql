drop table catalog.settlements;
