-- The first schema. It holds what every capability of the product needs to keep, although
-- the screens of some come later, so that no decision of an early user is lost in a rewrite.
--
-- Days are ISO text (2026-11-23), instants RFC 3339 text in UTC, amounts integers in minor
-- units with an ISO currency or none, flags 0 or 1. Money and hours are never floating point
-- where they are added up: hours are kept in minutes. The names of tables and columns are
-- ours alone; the journal uses a vocabulary of its own (see store::vocabulary).

CREATE TABLE meta(
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE migration(
  version INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

-- People ------------------------------------------------------------------------------

CREATE TABLE person(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL DEFAULT 'rep' CHECK(role IN('rep', 'manager')),
  senior INTEGER NOT NULL DEFAULT 0,
  owner TEXT
) STRICT;

-- The record: what was imported or typed ----------------------------------------------

CREATE TABLE import_batch(
  id INTEGER PRIMARY KEY,
  action INTEGER NOT NULL,
  source TEXT NOT NULL,
  files TEXT NOT NULL,
  record_day TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN('running', 'done', 'taken_back')),
  rows INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  same INTEGER NOT NULL DEFAULT 0,
  conflict INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  refused INTEGER NOT NULL DEFAULT 0,
  knows TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE account(
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  external_id TEXT,
  name TEXT NOT NULL,
  batch INTEGER REFERENCES import_batch(id)
) STRICT;
CREATE UNIQUE INDEX account_source_id ON account(source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX account_name ON account(name);

CREATE TABLE deal(
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  external_id TEXT,
  title TEXT NOT NULL,
  account TEXT,
  contact TEXT,
  owner TEXT,
  stage TEXT,
  phase TEXT,
  pipeline TEXT,
  amount INTEGER,
  currency TEXT,
  probability REAL,
  status TEXT NOT NULL DEFAULT 'open' CHECK(status IN('open', 'won', 'lost', 'removed')),
  created TEXT,
  expected_close TEXT,
  closed TEXT,
  lost_reason TEXT,
  last_activity TEXT,
  stage_changed TEXT,
  updated TEXT,
  next_step TEXT,
  next_step_due TEXT,
  lead_source TEXT,
  product TEXT,
  description TEXT,
  margin REAL,
  discount REAL,
  decision TEXT NOT NULL DEFAULT 'undecided'
    CHECK(decision IN('undecided', 'continued', 'hold', 'fired')),
  seen_verdict TEXT,
  wanted INTEGER NOT NULL DEFAULT 1,
  batch INTEGER REFERENCES import_batch(id)
) STRICT;
-- Identity at import: one look-up a row. The other two serve the orders by close date and by
-- amount of a whole pipeline; each costs about a tenth of an import's time.
CREATE UNIQUE INDEX deal_key ON deal(source, key);
CREATE INDEX deal_close ON deal(expected_close);
CREATE INDEX deal_amount ON deal(amount);
CREATE INDEX deal_batch ON deal(batch);
-- The owners of a file one after the other, and the deals of one of them. What is closed: most of
-- a file or nothing of it, found at once either way.
CREATE INDEX deal_owner ON deal(owner);
CREATE INDEX deal_closed ON deal(status) WHERE status <> 'open';

-- A value that a person changed after it was imported: what the import had said. No row:
-- what stands in the deal is what was imported last.
CREATE TABLE imported_value(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  field TEXT NOT NULL,
  value TEXT
) STRICT;
CREATE UNIQUE INDEX imported_value_deal ON imported_value(deal, field);

-- Moves of stage, amount and close date that an import or a person made.
CREATE TABLE move(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  field TEXT NOT NULL CHECK(field IN('stage', 'amount', 'expected_close')),
  day TEXT NOT NULL,
  old TEXT,
  new TEXT,
  source TEXT NOT NULL,
  batch INTEGER REFERENCES import_batch(id)
) STRICT;
CREATE INDEX move_deal ON move(deal, day);

CREATE TABLE contact(
  id INTEGER PRIMARY KEY,
  deal INTEGER REFERENCES deal(id) ON DELETE CASCADE,
  account TEXT,
  source TEXT NOT NULL,
  external_id TEXT,
  name TEXT NOT NULL,
  title TEXT,
  role TEXT CHECK(role IN('economic_buyer', 'champion', 'user', 'purchasing', 'blocker')),
  level INTEGER,
  met TEXT,
  email TEXT,
  batch INTEGER REFERENCES import_batch(id)
) STRICT;
CREATE INDEX contact_deal ON contact(deal);

CREATE TABLE touch(
  id INTEGER PRIMARY KEY,
  deal INTEGER REFERENCES deal(id) ON DELETE CASCADE,
  account TEXT,
  source TEXT NOT NULL,
  external_id TEXT,
  at TEXT NOT NULL,
  direction TEXT NOT NULL CHECK(direction IN('in', 'out')),
  channel TEXT NOT NULL CHECK(channel IN('email', 'call', 'message', 'meeting', 'demo',
    'workshop', 'trial', 'proposal', 'quote')),
  minutes INTEGER,
  status TEXT NOT NULL DEFAULT 'held'
    CHECK(status IN('held', 'proposed', 'declined', 'moved', 'no_show')),
  words INTEGER,
  curt INTEGER NOT NULL DEFAULT 0,
  document TEXT,
  asks_info INTEGER NOT NULL DEFAULT 0,
  after_hours TEXT NOT NULL DEFAULT 'unknown' CHECK(after_hours IN('yes', 'no', 'unknown')),
  contacts TEXT,
  people TEXT,
  text TEXT,
  typed INTEGER NOT NULL DEFAULT 0,
  batch INTEGER REFERENCES import_batch(id)
) STRICT;
CREATE INDEX touch_deal ON touch(deal, at);
CREATE UNIQUE INDEX touch_source_id ON touch(source, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE note(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  who TEXT,
  text TEXT NOT NULL,
  batch INTEGER REFERENCES import_batch(id)
) STRICT;
CREATE INDEX note_deal ON note(deal, at);

CREATE TABLE commitment(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  side TEXT NOT NULL CHECK(side IN('we', 'they')),
  what TEXT NOT NULL,
  due TEXT,
  state TEXT NOT NULL DEFAULT 'open'
    CHECK(state IN('open', 'kept', 'late', 'missed', 'waived')),
  settled TEXT,
  paired INTEGER REFERENCES commitment(id) ON DELETE SET NULL,
  at TEXT NOT NULL,
  who TEXT
) STRICT;
CREATE INDEX commitment_deal ON commitment(deal);

CREATE TABLE trial_gate(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL UNIQUE REFERENCES deal(id) ON DELETE CASCADE,
  objectives TEXT,
  requirements TEXT,
  process TEXT,
  equipment TEXT,
  starts TEXT,
  agreed TEXT
) STRICT;

CREATE TABLE concession(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK(kind IN('discount', 'free_work', 'promise', 'bait')),
  what TEXT NOT NULL,
  amount INTEGER,
  currency TEXT,
  traded_for TEXT,
  hard_to_keep INTEGER NOT NULL DEFAULT 0,
  kept INTEGER,
  at TEXT NOT NULL,
  who TEXT
) STRICT;
CREATE INDEX concession_deal ON concession(deal);

CREATE TABLE access_ask(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  whom TEXT NOT NULL,
  day TEXT NOT NULL,
  answer TEXT CHECK(answer IN('given', 'refused')),
  answered TEXT,
  swap INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX access_ask_deal ON access_ask(deal);

-- Discovery ---------------------------------------------------------------------------

-- Answers are never overwritten: a newer one takes `current` from the older.
CREATE TABLE answer(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  bank TEXT NOT NULL,
  question TEXT NOT NULL,
  value TEXT NOT NULL CHECK(value IN('unknown', 'no', 'partly', 'yes', 'na')),
  grade TEXT NOT NULL CHECK(grade IN('hunch', 'said', 'shown', 'record')),
  day TEXT NOT NULL,
  evidence TEXT,
  who TEXT,
  at TEXT NOT NULL,
  current INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX answer_current ON answer(deal, bank, question) WHERE current = 1;
CREATE INDEX answer_deal ON answer(deal);

CREATE TABLE ask(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  bank TEXT NOT NULL,
  question TEXT NOT NULL,
  signal TEXT,
  text TEXT NOT NULL,
  contact TEXT,
  due TEXT,
  state TEXT NOT NULL DEFAULT 'open'
    CHECK(state IN('open', 'answered', 'no_reply', 'not_asked', 'dropped')),
  put INTEGER NOT NULL DEFAULT 0,
  reply TEXT,
  replied TEXT,
  at TEXT NOT NULL,
  who TEXT
) STRICT;
CREATE INDEX ask_deal ON ask(deal);
CREATE INDEX ask_open ON ask(due) WHERE state = 'open';

CREATE TABLE sign(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  sign TEXT NOT NULL,
  at TEXT NOT NULL,
  who TEXT
) STRICT;
CREATE UNIQUE INDEX sign_deal ON sign(deal, sign);

CREATE TABLE sweep(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  word TEXT NOT NULL CHECK(word IN('glad', 'dread', 'unknown')),
  at TEXT NOT NULL,
  who TEXT,
  current INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX sweep_deal ON sweep(deal) WHERE current = 1;

CREATE TABLE fresh_eyes(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  answer TEXT NOT NULL CHECK(answer IN('yes', 'no', 'unknown')),
  at TEXT NOT NULL,
  who TEXT
) STRICT;
CREATE INDEX fresh_eyes_deal ON fresh_eyes(deal);

-- Deciding ----------------------------------------------------------------------------

CREATE TABLE decision(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK(kind IN('fired', 'continued', 'hold', 'reinstated')),
  at TEXT NOT NULL,
  day TEXT NOT NULL,
  who TEXT NOT NULL,
  authority TEXT,
  reasons TEXT,
  verdict TEXT,
  evidence REAL,
  core_unasked INTEGER,
  dead_on_paper INTEGER NOT NULL DEFAULT 0,
  disposition TEXT CHECK(disposition IN('walked_away', 'regift', 'nurture')),
  whom TEXT,
  until TEXT,
  walked_by TEXT CHECK(walked_by IN('us', 'them', 'both')),
  phone TEXT,
  mail TEXT,
  comes_back_if TEXT,
  minutes_reclaimed INTEGER,
  formula TEXT,
  terms TEXT,
  why TEXT,
  hours_per_week REAL,
  senior TEXT
) STRICT;
CREATE INDEX decision_deal ON decision(deal, id);
CREATE INDEX decision_day ON decision(day);

CREATE TABLE tripwire(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  decision INTEGER REFERENCES decision(id) ON DELETE CASCADE,
  sentence TEXT NOT NULL,
  due TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'set'
    CHECK(state IN('set', 'happened', 'fired', 'anyway', 'moot')),
  words TEXT,
  settled TEXT,
  moved INTEGER NOT NULL DEFAULT 0,
  at TEXT NOT NULL,
  who TEXT
) STRICT;
CREATE INDEX tripwire_deal ON tripwire(deal);

CREATE TABLE hold(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  decision INTEGER REFERENCES decision(id) ON DELETE CASCADE,
  what TEXT NOT NULL,
  until TEXT NOT NULL,
  why TEXT,
  starts TEXT NOT NULL,
  ended TEXT,
  ended_by TEXT
) STRICT;
CREATE INDEX hold_deal ON hold(deal);

CREATE TABLE outcome(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  decision INTEGER REFERENCES decision(id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK(kind IN('came_back_better', 'came_back_unchanged', 'silence',
    'bought_elsewhere', 'bought_nothing', 'won', 'lost')),
  day TEXT NOT NULL,
  words TEXT,
  who TEXT
) STRICT;
CREATE INDEX outcome_deal ON outcome(deal);

CREATE TABLE regret(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  due TEXT NOT NULL,
  answer TEXT CHECK(answer IN('yes', 'no')),
  day TEXT,
  words TEXT,
  who TEXT
) STRICT;
CREATE INDEX regret_deal ON regret(deal);

CREATE TABLE hours_plan(
  id INTEGER PRIMARY KEY,
  deal INTEGER REFERENCES deal(id) ON DELETE CASCADE,
  week TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  at TEXT NOT NULL,
  who TEXT
) STRICT;
CREATE INDEX hours_plan_week ON hours_plan(week);

-- Together ----------------------------------------------------------------------------

CREATE TABLE review(
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK(kind IN('triage', 'one_to_one')),
  started TEXT NOT NULL,
  ended TEXT,
  rep TEXT,
  manager TEXT,
  minutes TEXT
) STRICT;

CREATE TABLE agenda_item(
  id INTEGER PRIMARY KEY,
  review INTEGER REFERENCES review(id) ON DELETE CASCADE,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  why TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK(state IN('open', 'done', 'next_time')),
  seconds INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX agenda_item_review ON agenda_item(review);

CREATE TABLE raised_hand(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  note TEXT,
  at TEXT NOT NULL,
  who TEXT,
  taken INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX raised_hand_deal ON raised_hand(deal);

-- Read by one function only, which refuses before the reveal.
CREATE TABLE sealed_answer(
  id INTEGER PRIMARY KEY,
  review INTEGER REFERENCES review(id) ON DELETE CASCADE,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  person TEXT NOT NULL,
  bank TEXT NOT NULL,
  question TEXT NOT NULL,
  value TEXT NOT NULL,
  grade TEXT NOT NULL,
  evidence TEXT,
  sealed TEXT NOT NULL,
  revealed TEXT
) STRICT;
CREATE INDEX sealed_answer_deal ON sealed_answer(deal);

CREATE TABLE charter(
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  ceiling INTEGER,
  currency TEXT,
  phases TEXT,
  signed TEXT,
  signed_by TEXT,
  current INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE charter_request(
  id INTEGER PRIMARY KEY,
  deal INTEGER NOT NULL REFERENCES deal(id) ON DELETE CASCADE,
  decision INTEGER REFERENCES decision(id) ON DELETE CASCADE,
  due TEXT NOT NULL,
  reply TEXT CHECK(reply IN('stands', 'overruled')),
  reason TEXT,
  replied TEXT,
  who TEXT
) STRICT;
CREATE INDEX charter_request_deal ON charter_request(deal);

-- The cockpit's own memory ------------------------------------------------------------

CREATE TABLE draft(
  id INTEGER PRIMARY KEY,
  place TEXT NOT NULL,
  deal INTEGER REFERENCES deal(id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE saved_view(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  filter TEXT NOT NULL,
  ordering TEXT NOT NULL
) STRICT;

CREATE TABLE mapping_memory(
  id INTEGER PRIMARY KEY,
  shape TEXT NOT NULL UNIQUE,
  mapping TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TABLE message_log(
  id INTEGER PRIMARY KEY,
  deal INTEGER REFERENCES deal(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  way TEXT NOT NULL,
  at TEXT NOT NULL,
  who TEXT
) STRICT;
CREATE INDEX message_log_deal ON message_log(deal);

-- The journal -------------------------------------------------------------------------

CREATE TABLE action(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  place TEXT NOT NULL CHECK(place IN('cockpit', 'command')),
  session TEXT NOT NULL,
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN('running', 'done', 'unchanged', 'taken_back')),
  undoes INTEGER REFERENCES action(id),
  undone_by INTEGER REFERENCES action(id)
) STRICT;

-- One row for an entity that an action made, changed or removed; `fields` is a JSON object
-- of field words, each with its old and new value.
CREATE TABLE change(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  action INTEGER NOT NULL REFERENCES action(id),
  entity TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  deal INTEGER,
  op TEXT NOT NULL CHECK(op IN('insert', 'update', 'delete')),
  fields TEXT NOT NULL
) STRICT;
-- Undo reads an action's changes; the journal of a deal and the check for later changes of an
-- entity read the other two.
CREATE INDEX change_action ON change(action);
CREATE INDEX change_entity ON change(entity, entity_id);
CREATE INDEX change_deal ON change(deal) WHERE deal IS NOT NULL;

CREATE TRIGGER action_is_kept BEFORE DELETE ON action
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER action_is_fixed
BEFORE UPDATE OF id, at, who, place, session, kind, undoes ON action
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER change_is_kept BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER change_is_fixed BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- Derived: rebuilt from the above, never journalled --------------------------------------

CREATE TABLE deal_eval(
  deal INTEGER PRIMARY KEY REFERENCES deal(id) ON DELETE CASCADE,
  tier INTEGER NOT NULL,
  due TEXT,
  verdict TEXT,
  reasons TEXT NOT NULL,
  evidence REAL NOT NULL,
  earned REAL NOT NULL,
  fit_lo REAL NOT NULL,
  fit_hi REAL NOT NULL,
  they_lo REAL NOT NULL,
  they_hi REAL NOT NULL,
  we_lo REAL NOT NULL,
  we_hi REAL NOT NULL,
  coverage REAL NOT NULL,
  core_total INTEGER NOT NULL,
  core_asked INTEGER NOT NULL,
  core_answered INTEGER NOT NULL,
  weakest TEXT,
  weakest_value TEXT,
  weakest_grade TEXT,
  weakest_day TEXT,
  musts TEXT NOT NULL,
  ask TEXT,
  final INTEGER NOT NULL,
  signals TEXT,
  dark INTEGER NOT NULL,
  bad_money INTEGER NOT NULL,
  spent REAL NOT NULL,
  per_week REAL NOT NULL,
  at_stake REAL NOT NULL,
  assumed INTEGER NOT NULL,
  last_act TEXT,
  valid_until TEXT
) STRICT;
-- The queue in its order (to decide and all), and the rows that a new day changes.
CREATE INDEX deal_eval_queue
  ON deal_eval(tier, at_stake DESC, spent DESC, last_act, deal, per_week);
CREATE INDEX deal_eval_valid ON deal_eval(valid_until) WHERE valid_until IS NOT NULL;

-- Words and their prefixes; parts of words of account and title. Contentless: the text
-- stands in its tables only. `search_todo` lists the deals that are not indexed yet.
CREATE VIRTUAL TABLE search_word USING fts5(
  account, title, contact, owner, note,
  content='', contentless_delete=1, detail=none, prefix='1 2 3',
  tokenize="unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE search_part USING fts5(
  account, title,
  content='', contentless_delete=1, tokenize="trigram remove_diacritics 1"
);
CREATE TABLE search_todo(deal INTEGER PRIMARY KEY) STRICT;
