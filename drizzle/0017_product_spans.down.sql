drop table pricing.product_spans;
