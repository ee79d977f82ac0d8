-- The subject of the mail with which a prospect is fired.
ALTER TABLE decision ADD COLUMN subject TEXT;
