-- A run is written when its ticket comes and rewritten at each step, mostly in columns that no index has: with room in its
-- page such an update (HOT) leaves the three indexes alone, and its dead version is cleared by the next reader instead of a
-- vacuum. Tables that only grow are vacuumed and analyzed at a twentieth of their rows instead of a fifth.
alter table run set (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
-- Each update changes touched_at, which is indexed: room would not help.
alter table ai_work set (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
