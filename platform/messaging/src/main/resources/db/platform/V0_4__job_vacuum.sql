-- A job is written once, rewritten at each claim, renewal and pause, and removed: at least two dead versions of a row that
-- lives for moments, with their entries in both indexes. Claims walk job_due from its oldest end, where these entries lie.
-- Autovacuum waits for a fifth of the rows that it last counted: after a backlog of 50,000 for 10,000 dead ones. A fixed
-- number keeps that walk short, whatever was counted; the table is small, so its vacuum need not pause; and it must not take
-- the table's exclusive lock to give pages back that the next burst fills again.
-- No fillfactor: each claim changes due_at, which is indexed, so that no update stays within its page's room (HOT) anyway.
alter table job set (
    autovacuum_vacuum_scale_factor = 0.0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_insert_scale_factor = 0.0,
    autovacuum_vacuum_insert_threshold = 10000,
    autovacuum_analyze_scale_factor = 0.0,
    autovacuum_analyze_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0,
    vacuum_truncate = false);
