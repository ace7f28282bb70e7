-- Nothing to undo in the tables. The program before takes a chain's own 729000000xxxx for one product of all chains:
-- load the data anew with it.
select 1;
