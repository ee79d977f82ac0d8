-- What a load of many deals no longer pays for.

-- Neither order ever used its index: both put what has no value last, and sort. The large deals of a
-- file, beside which one that takes more hours is held, are a figure of the file: derived, renewed
-- as the others are.
DROP INDEX deal_close;
DROP INDEX deal_amount;
CREATE TABLE large_deal(deal INTEGER PRIMARY KEY REFERENCES deal(id) ON DELETE CASCADE) STRICT;
DELETE FROM meta WHERE key = 'stats_day';
