SELECT
  COUNT(*) AS `rows`
FROM `sales`.`customers` AS `t0`;

SELECT
  SUM(CAST(`t1`.`missing_0` AS INT64)) AS `missing_0`,
  SUM(CAST(NOT (
    `t1`.`missing_0`
  ) AND (
    `t1`.`value_0` IS NULL
  ) AS INT64)) AS `unfit_0`,
  MAX(
    IF(
      NOT (
        `t1`.`missing_0`
      ) AND (
        `t1`.`value_0` IS NULL
      ),
      CAST(`t1`.`stored_0` AS STRING),
      CAST(NULL AS STRING)
    )
  ) AS `unfit_example_0`,
  SUM(CAST(`t1`.`missing_1` AS INT64)) AS `missing_1`,
  SUM(CAST(NOT (
    `t1`.`missing_1`
  ) AND (
    `t1`.`value_1` IS NULL
  ) AS INT64)) AS `unfit_1`,
  MAX(
    IF(
      NOT (
        `t1`.`missing_1`
      ) AND (
        `t1`.`value_1` IS NULL
      ),
      CAST(`t1`.`stored_1` AS STRING),
      CAST(NULL AS STRING)
    )
  ) AS `unfit_example_1`,
  MAX(`t1`.`value_1`) AS `newest`,
  SUM(CAST(`t1`.`missing_2` AS INT64)) AS `missing_2`,
  SUM(CAST(NOT (
    `t1`.`missing_2`
  ) AND (
    `t1`.`value_2` IS NULL
  ) AS INT64)) AS `unfit_2`,
  MAX(
    IF(
      NOT (
        `t1`.`missing_2`
      ) AND (
        `t1`.`value_2` IS NULL
      ),
      `t1`.`stored_2`,
      CAST(NULL AS STRING)
    )
  ) AS `unfit_example_2`,
  SUM(CAST((
    `t1`.`value_2` < 0.0
  ) OR (
    `t1`.`value_2` > 72.0
  ) AS INT64)) AS `outside_2`,
  MAX(
    IF(
      (
        `t1`.`value_2` < 0.0
      ) OR (
        `t1`.`value_2` > 72.0
      ),
      `t1`.`stored_2`,
      CAST(NULL AS STRING)
    )
  ) AS `outside_example_2`,
  SUM(CAST(`t1`.`missing_3` AS INT64)) AS `missing_3`,
  SUM(CAST(NOT (
    `t1`.`missing_3`
  ) AND (
    `t1`.`value_3` IS NULL
  ) AS INT64)) AS `unfit_3`,
  MAX(
    IF(
      NOT (
        `t1`.`missing_3`
      ) AND (
        `t1`.`value_3` IS NULL
      ),
      CAST(`t1`.`stored_3` AS STRING),
      CAST(NULL AS STRING)
    )
  ) AS `unfit_example_3`,
  SUM(CAST(`t1`.`missing_4` AS INT64)) AS `missing_4`,
  SUM(CAST(NOT (
    `t1`.`missing_4`
  ) AND (
    `t1`.`value_4` IS NULL
  ) AS INT64)) AS `unfit_4`,
  MAX(
    IF(
      NOT (
        `t1`.`missing_4`
      ) AND (
        `t1`.`value_4` IS NULL
      ),
      `t1`.`stored_4`,
      CAST(NULL AS STRING)
    )
  ) AS `unfit_example_4`,
  SUM(CAST(NOT (
    `t1`.`value_4` IN ('it\'s so', 'no')
  ) AS INT64)) AS `outside_4`,
  MAX(
    IF(
      NOT (
        `t1`.`value_4` IN ('it\'s so', 'no')
      ),
      `t1`.`stored_4`,
      CAST(NULL AS STRING)
    )
  ) AS `outside_example_4`,
  COUNT(DISTINCT `t1`.`value_4`) AS `target_values`,
  SUM(CAST(`t1`.`value_4` = 'it\'s so' AS INT64)) AS `class_0`,
  SUM(CAST(`t1`.`value_4` = 'no' AS INT64)) AS `class_1`
FROM (
  SELECT
    IF(
      TRIM(
        IF(
          IS_NAN(`t0`.`customer`),
          CAST(NULL AS STRING),
          IF(
            CAST(SAFE_CAST(IF(ABS(`t0`.`customer`) < 9007199254740992, `t0`.`customer`, CAST(NULL AS FLOAT64)) AS INT64) AS FLOAT64) = IF(ABS(`t0`.`customer`) < 9007199254740992, `t0`.`customer`, CAST(NULL AS FLOAT64)),
            CAST(SAFE_CAST(IF(ABS(`t0`.`customer`) < 9007199254740992, `t0`.`customer`, CAST(NULL AS FLOAT64)) AS INT64) AS STRING),
            CAST(`t0`.`customer` AS STRING)
          )
        ),
        ' \t\n\r\v\f'
      ) = '',
      CAST(NULL AS STRING),
      IF(
        IS_NAN(`t0`.`customer`),
        CAST(NULL AS STRING),
        IF(
          CAST(SAFE_CAST(IF(ABS(`t0`.`customer`) < 9007199254740992, `t0`.`customer`, CAST(NULL AS FLOAT64)) AS INT64) AS FLOAT64) = IF(ABS(`t0`.`customer`) < 9007199254740992, `t0`.`customer`, CAST(NULL AS FLOAT64)),
          CAST(SAFE_CAST(IF(ABS(`t0`.`customer`) < 9007199254740992, `t0`.`customer`, CAST(NULL AS FLOAT64)) AS INT64) AS STRING),
          CAST(`t0`.`customer` AS STRING)
        )
      )
    ) AS `value_0`,
    (
      `t0`.`customer` IS NULL
    ) OR IS_NAN(`t0`.`customer`) AS `missing_0`,
    `t0`.`customer` AS `stored_0`,
    `t0`.`seen_at` AS `value_1`,
    `t0`.`seen_at` IS NULL AS `missing_1`,
    `t0`.`seen_at` AS `stored_1`,
    IF(
      ABS(
        SAFE_CAST(IF(
          REGEXP_CONTAINS(
            TRIM(`t0`.`charges`, ' \t\n\r\v\f'),
            '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$'
          ),
          TRIM(`t0`.`charges`, ' \t\n\r\v\f'),
          CAST(NULL AS STRING)
        ) AS FLOAT64)
      ) < CAST('Infinity' AS FLOAT64),
      SAFE_CAST(IF(
        REGEXP_CONTAINS(
          TRIM(`t0`.`charges`, ' \t\n\r\v\f'),
          '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$'
        ),
        TRIM(`t0`.`charges`, ' \t\n\r\v\f'),
        CAST(NULL AS STRING)
      ) AS FLOAT64),
      CAST(NULL AS FLOAT64)
    ) AS `value_2`,
    (
      `t0`.`charges` IS NULL
    )
    OR LOWER(TRIM(`t0`.`charges`, ' \t\n\r\v\f')) IN ('', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', '-', '?') AS `missing_2`,
    `t0`.`charges` AS `stored_2`,
    CASE
      WHEN LOWER(TRIM(CAST(`t0`.`member` AS STRING), ' \t\n\r\v\f')) IN ('true', 't', 'yes', 'y', '1', '1.0')
      THEN 1.0
      WHEN LOWER(TRIM(CAST(`t0`.`member` AS STRING), ' \t\n\r\v\f')) IN ('false', 'f', 'no', 'n', '0', '0.0')
      THEN 0.0
      ELSE NULL
    END AS `value_3`,
    `t0`.`member` IS NULL AS `missing_3`,
    `t0`.`member` AS `stored_3`,
    NULLIF(TRIM(`t0`.`left`, ' \t\n\r\v\f'), '') AS `value_4`,
    (
      `t0`.`left` IS NULL
    ) OR (
      TRIM(`t0`.`left`, ' \t\n\r\v\f') = ''
    ) AS `missing_4`,
    `t0`.`left` AS `stored_4`
  FROM `sales`.`customers` AS `t0`
) AS `t1`;

SELECT
  `t0`.`customer`,
  `t0`.`seen_at`,
  `t0`.`day`,
  `t0`.`charges`,
  `t0`.`member`,
  `t0`.`left`
FROM `sales`.`customers` AS `t0`;
