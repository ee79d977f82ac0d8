-- Who carries a deal after the senior who opened it, who looks over their shoulder, and when.
CREATE TABLE handoff(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  giver TEXT,
  taker TEXT NOT NULL,
  overseer TEXT,
  next_check TEXT,
  day TEXT NOT NULL,
  at TEXT NOT NULL,
  who TEXT
) STRICT;
CREATE INDEX handoff_deal ON handoff(deal);

-- A discount may be said in per cent.
ALTER TABLE concession ADD COLUMN percent REAL;

-- The answer that a tick wrote and the one that it took the place of, so that taking the tick
-- back brings the deal to where it was.
ALTER TABLE sign ADD COLUMN answer INTEGER;
ALTER TABLE sign ADD COLUMN before INTEGER;
