-- What a 1:1 needs beside the agenda: its time, which deal is on the table, and since when.
ALTER TABLE review ADD COLUMN plan INTEGER NOT NULL DEFAULT 30;
ALTER TABLE review ADD COLUMN per_deal INTEGER NOT NULL DEFAULT 5;
ALTER TABLE review ADD COLUMN on_table INTEGER;
ALTER TABLE review ADD COLUMN table_since TEXT;

-- What an item is there for, beside its word: the number of a hand or a request.
ALTER TABLE agenda_item ADD COLUMN about INTEGER;

-- In which turn a sealed answer was revealed, whose was taken where two differed, what the
-- difference did to the verdict at that moment, and whether a later seal took its place.
ALTER TABLE sealed_answer ADD COLUMN turn INTEGER;
ALTER TABLE sealed_answer ADD COLUMN chosen TEXT CHECK(chosen IN('rep', 'manager', 'other'));
ALTER TABLE sealed_answer ADD COLUMN effect TEXT;
ALTER TABLE sealed_answer ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sealed_answer ADD COLUMN checked INTEGER NOT NULL DEFAULT 0;

-- What two machines exchange: first a commitment, a hash over a salt and the answers; then both.
CREATE TABLE seal_exchange(
  id INTEGER PRIMARY KEY,
  person TEXT NOT NULL,
  mine INTEGER NOT NULL,
  hash TEXT NOT NULL,
  salt TEXT,
  at TEXT NOT NULL,
  opened TEXT
) STRICT;

-- A charter has a ceiling for each currency, exceptions, and more than one signature.
ALTER TABLE charter ADD COLUMN ceilings TEXT;
ALTER TABLE charter ADD COLUMN exceptions TEXT;

-- The manager's sentence on a deal.
CREATE TABLE may_fire(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  sentence TEXT NOT NULL,
  who TEXT NOT NULL,
  day TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX may_fire_deal ON may_fire(deal);
