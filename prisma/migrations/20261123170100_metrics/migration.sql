-- Metrics: outside Prisma, which knows no partitioned tables. Written and read by packages/db/src/metrics.
-- Three resolutions of each family; rows are merged by adding, so no percentile is ever stored.
CREATE SCHEMA "metrics";

-- How far each proxy's deltas have been counted. A new boot id begins at sequence 1 again.
CREATE TABLE "metrics"."cursor" (
    "instance" TEXT NOT NULL,
    "boot_id" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "committed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    PRIMARY KEY ("instance", "boot_id")
);

-- A control plane writes rows of its own (control_id), so that two never wait for each other; readers sum.
CREATE TABLE "metrics"."route_10s" (
    "at" TIMESTAMPTZ(3) NOT NULL,
    "control_id" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "ok" BIGINT NOT NULL,
    "client_error" BIGINT NOT NULL,
    "server_error" BIGINT NOT NULL,
    "mesh_errors" JSONB NOT NULL,
    "denied" BIGINT NOT NULL,
    "limited" BIGINT NOT NULL,
    "cancelled" BIGINT NOT NULL,
    "recovered" BIGINT NOT NULL,
    "retries_made" BIGINT NOT NULL,
    "retries_skipped" JSONB NOT NULL,
    "bytes_in" BIGINT NOT NULL,
    "bytes_out" BIGINT NOT NULL,
    -- Sparse: bucket numbers ascending, and a count for each.
    "latency_index" INTEGER[] NOT NULL,
    "latency_count" BIGINT[] NOT NULL,

    PRIMARY KEY ("side", "destination", "at", "version", "route", "control_id")
) PARTITION BY RANGE ("at");
CREATE TABLE "metrics"."route_1m" (LIKE "metrics"."route_10s" INCLUDING ALL) PARTITION BY RANGE ("at");
CREATE TABLE "metrics"."route_1h" (LIKE "metrics"."route_10s" INCLUDING ALL) PARTITION BY RANGE ("at");

CREATE TABLE "metrics"."edge_10s" (
    "at" TIMESTAMPTZ(3) NOT NULL,
    "control_id" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "ok" BIGINT NOT NULL,
    "client_error" BIGINT NOT NULL,
    "server_error" BIGINT NOT NULL,
    "mesh_errors" JSONB NOT NULL,
    "denied" BIGINT NOT NULL,
    "limited" BIGINT NOT NULL,
    "cancelled" BIGINT NOT NULL,
    "recovered" BIGINT NOT NULL,
    "retries_made" BIGINT NOT NULL,
    "retries_skipped" JSONB NOT NULL,
    "bytes_in" BIGINT NOT NULL,
    "bytes_out" BIGINT NOT NULL,
    "latency_index" INTEGER[] NOT NULL,
    "latency_count" BIGINT[] NOT NULL,

    PRIMARY KEY ("side", "destination", "at", "source", "control_id")
) PARTITION BY RANGE ("at");
CREATE INDEX ON "metrics"."edge_10s" ("source", "at");
CREATE TABLE "metrics"."edge_1m" (LIKE "metrics"."edge_10s" INCLUDING ALL) PARTITION BY RANGE ("at");
CREATE TABLE "metrics"."edge_1h" (LIKE "metrics"."edge_10s" INCLUDING ALL) PARTITION BY RANGE ("at");

CREATE TABLE "metrics"."rule_10s" (
    "at" TIMESTAMPTZ(3) NOT NULL,
    "control_id" TEXT NOT NULL,
    "rule" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "hits" BIGINT NOT NULL,

    PRIMARY KEY ("rule", "at", "source", "verdict", "control_id")
) PARTITION BY RANGE ("at");
CREATE TABLE "metrics"."rule_1m" (LIKE "metrics"."rule_10s" INCLUDING ALL) PARTITION BY RANGE ("at");
CREATE TABLE "metrics"."rule_1h" (LIKE "metrics"."rule_10s" INCLUDING ALL) PARTITION BY RANGE ("at");

-- Call patterns that a service's own side saw, for previews of rules: id-like path segments are "*".
CREATE TABLE "metrics"."pattern_1h" (
    "at" TIMESTAMPTZ(3) NOT NULL,
    "control_id" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "calls" BIGINT NOT NULL,

    PRIMARY KEY ("service", "at", "source", "method", "path", "route", "control_id")
) PARTITION BY RANGE ("at");

-- {"timeout": 2} and {"timeout": 1, "loop": 1} give {"timeout": 3, "loop": 1}.
CREATE FUNCTION "metrics"."add_counts"(a JSONB, b JSONB) RETURNS JSONB LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN b = '{}' THEN a
    WHEN a = '{}' THEN b
    ELSE (
      SELECT jsonb_object_agg(key, total)
      FROM (
        SELECT key, sum(value::bigint) AS total
        FROM (SELECT * FROM jsonb_each_text(a) UNION ALL SELECT * FROM jsonb_each_text(b)) AS both_sides
        GROUP BY key
      ) AS sums
    )
  END
$$;
