-- What ended between two days, without a look at what holds.
create index prices_closed on pricing.prices (valid_to) where valid_to is not null;
