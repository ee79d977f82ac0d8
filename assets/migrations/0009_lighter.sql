-- What a day changes of most deals is their hours at stake. This is the first day on which anything
-- else may change by itself; where it is not known, the whole deal is judged.
ALTER TABLE deal_eval ADD COLUMN holds_until TEXT;

-- The deals of an import are looked for when it is taken back, which reads every deal anyway.
DROP INDEX deal_batch;
