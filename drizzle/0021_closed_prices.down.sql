drop index pricing.prices_closed;
