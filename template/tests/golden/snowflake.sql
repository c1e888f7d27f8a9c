SELECT
  COUNT(*) AS "rows"
FROM "sales"."customers" AS "t0";

SELECT
  SUM(CAST("t1"."missing_0" AS INT)) AS "missing_0",
  SUM(CAST(NOT (
    "t1"."missing_0"
  ) AND (
    "t1"."value_0" IS NULL
  ) AS INT)) AS "unfit_0",
  MAX(
    IFF(
      NOT (
        "t1"."missing_0"
      ) AND (
        "t1"."value_0" IS NULL
      ),
      CAST("t1"."stored_0" AS VARCHAR),
      CAST(NULL AS VARCHAR)
    )
  ) AS "unfit_example_0",
  SUM(CAST("t1"."missing_1" AS INT)) AS "missing_1",
  SUM(CAST(NOT (
    "t1"."missing_1"
  ) AND (
    "t1"."value_1" IS NULL
  ) AS INT)) AS "unfit_1",
  MAX(
    IFF(
      NOT (
        "t1"."missing_1"
      ) AND (
        "t1"."value_1" IS NULL
      ),
      CAST("t1"."stored_1" AS VARCHAR),
      CAST(NULL AS VARCHAR)
    )
  ) AS "unfit_example_1",
  MAX("t1"."value_1") AS "newest",
  SUM(CAST("t1"."missing_2" AS INT)) AS "missing_2",
  SUM(CAST(NOT (
    "t1"."missing_2"
  ) AND (
    "t1"."value_2" IS NULL
  ) AS INT)) AS "unfit_2",
  MAX(
    IFF(
      NOT (
        "t1"."missing_2"
      ) AND (
        "t1"."value_2" IS NULL
      ),
      "t1"."stored_2",
      CAST(NULL AS VARCHAR)
    )
  ) AS "unfit_example_2",
  SUM(CAST((
    "t1"."value_2" < 0.0
  ) OR (
    "t1"."value_2" > 72.0
  ) AS INT)) AS "outside_2",
  MAX(
    IFF(
      (
        "t1"."value_2" < 0.0
      ) OR (
        "t1"."value_2" > 72.0
      ),
      "t1"."stored_2",
      CAST(NULL AS VARCHAR)
    )
  ) AS "outside_example_2",
  SUM(CAST("t1"."missing_3" AS INT)) AS "missing_3",
  SUM(CAST(NOT (
    "t1"."missing_3"
  ) AND (
    "t1"."value_3" IS NULL
  ) AS INT)) AS "unfit_3",
  MAX(
    IFF(
      NOT (
        "t1"."missing_3"
      ) AND (
        "t1"."value_3" IS NULL
      ),
      CAST("t1"."stored_3" AS VARCHAR),
      CAST(NULL AS VARCHAR)
    )
  ) AS "unfit_example_3",
  SUM(CAST("t1"."missing_4" AS INT)) AS "missing_4",
  SUM(CAST(NOT (
    "t1"."missing_4"
  ) AND (
    "t1"."value_4" IS NULL
  ) AS INT)) AS "unfit_4",
  MAX(
    IFF(
      NOT (
        "t1"."missing_4"
      ) AND (
        "t1"."value_4" IS NULL
      ),
      "t1"."stored_4",
      CAST(NULL AS VARCHAR)
    )
  ) AS "unfit_example_4",
  SUM(CAST(NOT (
    "t1"."value_4" IN ('it\'s so', 'no')
  ) AS INT)) AS "outside_4",
  MAX(
    IFF(
      NOT (
        "t1"."value_4" IN ('it\'s so', 'no')
      ),
      "t1"."stored_4",
      CAST(NULL AS VARCHAR)
    )
  ) AS "outside_example_4",
  COUNT(DISTINCT "t1"."value_4") AS "target_values",
  SUM(CAST("t1"."value_4" = 'it\'s so' AS INT)) AS "class_0",
  SUM(CAST("t1"."value_4" = 'no' AS INT)) AS "class_1"
FROM (
  SELECT
    IFF(
      TRIM(
        IFF(
          "t0"."customer" = CAST('NaN' AS DOUBLE),
          CAST(NULL AS VARCHAR),
          IFF(
            CAST(CAST(IFF(ABS("t0"."customer") < 9007199254740992, "t0"."customer", CAST(NULL AS DOUBLE)) AS BIGINT) AS DOUBLE) = IFF(ABS("t0"."customer") < 9007199254740992, "t0"."customer", CAST(NULL AS DOUBLE)),
            CAST(CAST(IFF(ABS("t0"."customer") < 9007199254740992, "t0"."customer", CAST(NULL AS DOUBLE)) AS BIGINT) AS VARCHAR),
            CAST("t0"."customer" AS VARCHAR)
          )
        ),
        ' \t\n\r\x0b\f'
      ) = '',
      CAST(NULL AS VARCHAR),
      IFF(
        "t0"."customer" = CAST('NaN' AS DOUBLE),
        CAST(NULL AS VARCHAR),
        IFF(
          CAST(CAST(IFF(ABS("t0"."customer") < 9007199254740992, "t0"."customer", CAST(NULL AS DOUBLE)) AS BIGINT) AS DOUBLE) = IFF(ABS("t0"."customer") < 9007199254740992, "t0"."customer", CAST(NULL AS DOUBLE)),
          CAST(CAST(IFF(ABS("t0"."customer") < 9007199254740992, "t0"."customer", CAST(NULL AS DOUBLE)) AS BIGINT) AS VARCHAR),
          CAST("t0"."customer" AS VARCHAR)
        )
      )
    ) AS "value_0",
    (
      "t0"."customer" IS NULL
    ) OR (
      "t0"."customer" = CAST('NaN' AS DOUBLE)
    ) AS "missing_0",
    "t0"."customer" AS "stored_0",
    "t0"."seen_at" AS "value_1",
    "t0"."seen_at" IS NULL AS "missing_1",
    "t0"."seen_at" AS "stored_1",
    IFF(
      ABS(
        TRY_CAST(IFF(
          REGEXP_LIKE(
            TRIM("t0"."charges", ' \t\n\r\x0b\f'),
            CONCAT('.*', '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$', '.*'),
            'cs'
          ),
          TRIM("t0"."charges", ' \t\n\r\x0b\f'),
          CAST(NULL AS VARCHAR)
        ) AS DOUBLE)
      ) < CAST('Inf' AS DOUBLE),
      TRY_CAST(IFF(
        REGEXP_LIKE(
          TRIM("t0"."charges", ' \t\n\r\x0b\f'),
          CONCAT('.*', '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$', '.*'),
          'cs'
        ),
        TRIM("t0"."charges", ' \t\n\r\x0b\f'),
        CAST(NULL AS VARCHAR)
      ) AS DOUBLE),
      CAST(NULL AS DOUBLE)
    ) AS "value_2",
    (
      "t0"."charges" IS NULL
    )
    OR LOWER(TRIM("t0"."charges", ' \t\n\r\x0b\f')) IN ('', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', '-', '?') AS "missing_2",
    "t0"."charges" AS "stored_2",
    CASE
      WHEN LOWER(TRIM(CAST("t0"."member" AS VARCHAR), ' \t\n\r\x0b\f')) IN ('true', 't', 'yes', 'y', '1', '1.0')
      THEN 1.0
      WHEN LOWER(TRIM(CAST("t0"."member" AS VARCHAR), ' \t\n\r\x0b\f')) IN ('false', 'f', 'no', 'n', '0', '0.0')
      THEN 0.0
      ELSE NULL
    END AS "value_3",
    "t0"."member" IS NULL AS "missing_3",
    "t0"."member" AS "stored_3",
    NULLIF(TRIM("t0"."left", ' \t\n\r\x0b\f'), '') AS "value_4",
    (
      "t0"."left" IS NULL
    ) OR (
      TRIM("t0"."left", ' \t\n\r\x0b\f') = ''
    ) AS "missing_4",
    "t0"."left" AS "stored_4"
  FROM "sales"."customers" AS "t0"
) AS "t1";

SELECT
  "t0"."customer",
  "t0"."seen_at",
  "t0"."day",
  "t0"."charges",
  "t0"."member",
  "t0"."left"
FROM "sales"."customers" AS "t0";
