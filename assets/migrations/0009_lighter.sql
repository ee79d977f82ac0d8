-- What a day changes of most deals is their hours at stake. This is the first day on which anything
-- else may change by itself; where it is not known, the whole deal is judged.
ALTER TABLE deal_eval ADD COLUMN holds_until TEXT;

-- The deals of an import are looked for when it is taken back, which reads every deal anyway.
DROP INDEX deal_batch;

-- Deals that are judged again on the next occasion, whatever day that is: an import or a figure of the
-- file bears on them. Listed here, their rows are written once and not twice.
CREATE TABLE judge_todo(deal INTEGER PRIMARY KEY REFERENCES deal(id) ON DELETE CASCADE) STRICT;
