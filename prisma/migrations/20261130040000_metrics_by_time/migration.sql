-- Pages read a stretch of time of every series, while the primary keys begin with the series: without this the partition of
-- a whole day is read for five minutes. Rows come in the order of time and stay where they are, so that it is enough to
-- know between which times each 32 pages lie.
CREATE INDEX ON "metrics"."route_10s" USING brin ("at") WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX ON "metrics"."route_1m" USING brin ("at") WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX ON "metrics"."route_1h" USING brin ("at") WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX ON "metrics"."edge_10s" USING brin ("at") WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX ON "metrics"."edge_1m" USING brin ("at") WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX ON "metrics"."edge_1h" USING brin ("at") WITH (pages_per_range = 32, autosummarize = on);
