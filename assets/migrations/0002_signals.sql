-- What the signals need beside the record: where no senior was, what the record answers, and the
-- figures of the whole file that single deals are held against.

ALTER TABLE deal_eval ADD COLUMN cover TEXT;
ALTER TABLE deal_eval ADD COLUMN recorded TEXT;

-- The rules see more than before: every row is renewed on the next day, which is today.
UPDATE deal_eval SET valid_until = '0001-01-01';

-- What views count: few deals of many.
CREATE INDEX deal_eval_dark ON deal_eval(dark, tier) WHERE dark > 0;
CREATE INDEX deal_eval_bad_money ON deal_eval(tier) WHERE bad_money = 1;
CREATE INDEX deal_eval_cover ON deal_eval(cover, tier) WHERE cover IS NOT NULL;
CREATE INDEX sweep_word ON sweep(word, deal) WHERE current = 1;

-- Derived, and renewed once a day and after an import, never by one touch: in how many days most
-- won deals left a stage, and the hours and the value of the open deals of a currency ('' where
-- none is named).
CREATE TABLE stage_age(
  stage TEXT PRIMARY KEY,
  won INTEGER NOT NULL,
  days INTEGER NOT NULL
) STRICT;
CREATE TABLE hour_share(
  currency TEXT PRIMARY KEY,
  deals INTEGER NOT NULL,
  hours REAL NOT NULL,
  value REAL NOT NULL
) STRICT;
