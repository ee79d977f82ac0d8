-- What a file without activity and without a history of stages still tells: how long its won deals
-- took, from the day they were made to their close, how many of them named no company, and when a
-- deal of it last closed. Derived, and renewed as the other figures of the file are.
CREATE TABLE won_age(
  source TEXT PRIMARY KEY,
  won INTEGER NOT NULL,
  within INTEGER NOT NULL,
  longest INTEGER NOT NULL,
  unnamed INTEGER NOT NULL,
  last_close TEXT NOT NULL
) STRICT;

-- Where no act of theirs can be on record, the queue goes by the day on which a deal was made; what has
-- no day at all comes last.
ALTER TABLE deal_eval ADD COLUMN made TEXT NOT NULL DEFAULT '9999-12-31';
DROP INDEX deal_eval_queue;
CREATE INDEX deal_eval_queue
  ON deal_eval(tier, at_stake DESC, spent DESC, last_act, made, deal, per_week);

-- The rules see more than before: every row is renewed on the next day, which is today, and so are
-- the figures of the file.
UPDATE deal_eval SET valid_until = '0001-01-01';
DELETE FROM meta WHERE key = 'stats_day';
