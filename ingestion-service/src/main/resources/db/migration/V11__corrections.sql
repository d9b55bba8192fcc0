-- Whether a person said so: then no classification changes it.
alter table ticket
    add column category_given  boolean not null default false,
    add column language_given  boolean not null default false,
    add column sentiment_given boolean not null default false;

-- What people had in hand was counted before anybody could correct a category, and made up no number. From here on it is
-- counted by what they judged.
alter table figure no force row level security;
delete from figure where name in ('reviewed', 'corrected');
alter table figure force row level security;
