-- The chance of winning by what was learnt from deals that are over, 0 to 100; NULL before a
-- calibration.
ALTER TABLE deal_eval ADD COLUMN chance REAL;
