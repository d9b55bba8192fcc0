-- The schema's owner must see every client's rows here; they are forced under their policies again below.
alter table article no force row level security;
alter table passage no force row level security;

-- The dictionary of every language that this PostgreSQL has one for; plain words without endings cut off otherwise.
alter table passage drop column words;
create or replace function text_search_configuration(language text) returns regconfig
    language sql stable parallel safe
    return coalesce(
        (select c.oid::regconfig from pg_ts_config c
         where c.cfgnamespace = 'pg_catalog'::regnamespace
           and c.cfgname = case language
               when 'ar' then 'arabic' when 'ca' then 'catalan' when 'da' then 'danish' when 'de' then 'german'
               when 'el' then 'greek' when 'en' then 'english' when 'es' then 'spanish' when 'et' then 'estonian'
               when 'eu' then 'basque' when 'fi' then 'finnish' when 'fr' then 'french' when 'ga' then 'irish'
               when 'hi' then 'hindi' when 'hu' then 'hungarian' when 'hy' then 'armenian' when 'id' then 'indonesian'
               when 'it' then 'italian' when 'lt' then 'lithuanian' when 'nb' then 'norwegian' when 'ne' then 'nepali'
               when 'nl' then 'dutch' when 'nn' then 'norwegian' when 'no' then 'norwegian' when 'pt' then 'portuguese'
               when 'ro' then 'romanian' when 'ru' then 'russian' when 'sr' then 'serbian' when 'sv' then 'swedish'
               when 'ta' then 'tamil' when 'tr' then 'turkish' when 'yi' then 'yiddish' end),
        'pg_catalog.simple'::regconfig);

alter table article
    add column format     text        not null default 'text' check (format in ('markdown', 'html', 'text')),
    add column content    text        not null default '',
    add column source_url text,
    -- Counts changes of the article from 1: its ETag.
    add column revision   bigint      not null default 1,
    add column created_at timestamptz not null default now(),
    add column updated_at timestamptz not null default now(),
    -- Divides articles of the same moment where a list goes on to the next page.
    add column list_key   uuid        not null default gen_random_uuid();
update article a set content = coalesce(
    (select string_agg(p.text, e'\n\n' order by p.seq) from passage p
     where p.client_id = a.client_id and p.article_id = a.article_id), '');
create index article_newest on article (client_id, created_at desc, list_key desc);

-- The headings above the passage, outermost first, divided by ' > '.
alter table passage add column heading text not null default '';

-- What is searched: a copy of the words of each passage. The policy of a table makes @@ ignore its index, since @@ may
-- leak what it compares; so this table's policy does not bind the owner, and find_passages, which runs as the owner,
-- names the client itself. The words of a passage begin with lexemes of no text, ' client/language' and
-- ' client/language/intent' (no dictionary makes one with a blank): the index finds a client's passages by them.
create table passage_index (
    client_id  text     not null,
    article_id text     not null,
    seq        int      not null,
    language   text     not null,
    words      tsvector not null,
    primary key (client_id, article_id, seq)
);
alter table passage_index enable row level security;
create policy by_client on passage_index
    using (client_id = current_client()) with check (client_id = current_client());
create index passage_index_words on passage_index using gin (words);

-- In how many passages of a language each word stands, to tell words that say much from those that say little. The word
-- of no letters counts the passages.
create table knowledge_word (
    client_id text   not null,
    word      text   not null,
    language  text   not null,
    passages  bigint not null,
    primary key (client_id, word, language)
);

create function scope_of(client text, language text) returns text
    language sql immutable parallel safe
    return ' ' || client || '/' || language;

create function index_passages() returns trigger
    language plpgsql
as $$
begin
    with added as (
        insert into passage_index (client_id, article_id, seq, language, words)
        select n.client_id, n.article_id, n.seq, n.language,
               setweight(to_tsvector(c.config, a.title), 'A') || setweight(to_tsvector(c.config, n.heading), 'B')
                   || setweight(to_tsvector(c.config, n.text), 'D')
                   || array_to_tsvector(scope_of(n.client_id, n.language)
                       || array(select distinct scope_of(n.client_id, n.language) || '/' || intent
                                from unnest(a.intents) as intent where intent <> ''))
        from new_passage n
        join article a using (client_id, article_id)
        -- Looked up once a passage: offset 0 keeps it from being put in place of each use.
        cross join lateral (select text_search_configuration(n.language) as config offset 0) c
        returning client_id, language, words
    )
    insert into knowledge_word (client_id, word, language, passages)
    select client_id, word, language, count(*)
    from (select client_id, language, unnest(tsvector_to_array(words)) as word from added
          union all select client_id, language, '' from added) as said
    where not starts_with(word, ' ')
    group by client_id, word, language
    order by client_id, word, language
    on conflict (client_id, word, language) do update set passages = knowledge_word.passages + excluded.passages;
    return null;
end
$$;

create function unindex_passages() returns trigger
    language plpgsql
as $$
begin
    with gone as (
        delete from passage_index i using old_passage o
        where i.client_id = o.client_id and i.article_id = o.article_id and i.seq = o.seq
        returning i.client_id, i.language, i.words
    )
    -- They are all there; as conflicts they are found by the key, whatever the planner thinks of their number.
    insert into knowledge_word (client_id, word, language, passages)
    select client_id, word, language, -count(*)
    from (select client_id, language, unnest(tsvector_to_array(words)) as word from gone
          union all select client_id, language, '' from gone) as said
    where not starts_with(word, ' ')
    group by client_id, word, language
    order by client_id, word, language
    on conflict (client_id, word, language) do update set passages = knowledge_word.passages + excluded.passages;
    delete from knowledge_word where passages <= 0;
    return null;
end
$$;

create trigger indexed after insert on passage
    referencing new table as new_passage for each statement execute function index_passages();
create trigger unindexed after delete on passage
    referencing old table as old_passage for each statement execute function unindex_passages();

-- Those that are there already: the trigger is what indexes them.
create table kept as select * from passage;
delete from passage;
insert into passage (client_id, article_id, seq, language, text, heading)
select client_id, article_id, seq, language, text, heading from kept;
drop table kept;

call protect_by_client('knowledge_word');
alter table article force row level security;
alter table passage force row level security;

create function exactly(word text) returns tsquery
    language sql immutable strict parallel safe
    return ('''' || replace(replace(word, '\', '\\'), '''', '''''') || '''')::tsquery;

-- Articles of the transaction's client that are about the intent, as far as counting them is worth while.
create function articles_about(language text, intent text) returns bigint
    language sql stable security definer set search_path = ${schema}
    return (
        select count(distinct article_id)
        from (select article_id from passage_index
              where client_id = current_client()
                and words @@ exactly(scope_of(current_client(), $1) || '/' || $2)
              limit 1000) as about);

create function any_of(words text[]) returns tsquery
    language sql immutable strict parallel safe
    return (select string_agg(exactly(w.word)::text, ' | ')::tsquery from unnest(words) as w (word));

create function all_of(words text[]) returns tsquery
    language sql immutable strict parallel safe
    return (select string_agg(exactly(w.word)::text, ' & ')::tsquery from unnest(words) as w (word));

-- Passages of the transaction's client in language $1. One that holds a word of $2 may answer; one about the intent $3
-- may if it holds a word of $4, or anyhow where $4 is null. $5 and $6: the question's words and their weights, $7: the
-- weight of all of them; a passage needs the share $8 of it, or $9 if it is about the intent. At most $10, best first.
create function find_passages(
    language text, strong text[], intent text, weak text[], words text[], weights float8[], total float8,
    least_share float8, least_share_about float8, most int)
    returns table (article_id text, seq int, about boolean, found text[], score float8)
    language sql stable security definer set search_path = ${schema}
as $$
    with asked as materialized (
        select coalesce(exactly(scope_of(current_client(), $1)) && any_of($2), ''::tsquery)
                   || coalesce(case when $4 is null then exactly(scope_of(current_client(), $1) || '/' || $3)
                                    else exactly(scope_of(current_client(), $1) || '/' || $3) && any_of($4) end,
                               ''::tsquery) as matching,
               exactly(scope_of(current_client(), $1) || '/' || $3) as about
    )
    select c.article_id, c.seq, c.about, c.found, c.share + c.rank
    from (select p.article_id, p.seq, coalesce(p.words @@ asked.about, false) as about, f.found,
                 case when $7 > 0 then f.weight / $7 else 0 end as share,
                 -- How close together those stand that it holds; in the title they count most.
                 coalesce(ts_rank_cd('{0.1, 0.2, 0.5, 1.0}', p.words, all_of(f.found), 32), 0) as rank
          from asked
          cross join lateral (
              select * from passage_index i
              where i.client_id = current_client() and i.words @@ asked.matching
              limit 2000) as p
          cross join lateral (
              select coalesce(array_agg(w.word), '{}') as found, coalesce(sum(w.weight), 0) as weight
              from unnest($5, $6) as w (word, weight)
              where p.words @@ exactly(w.word)) as f) as c
    where c.share >= case when c.about then $9 else $8 end
    order by c.about desc, c.share + c.rank desc, c.article_id, c.seq
    limit $10
$$;
revoke all on function articles_about(text, text) from public;
revoke all on function find_passages(text, text[], text, text[], text[], float8[], float8, float8, float8, int) from public;
grant execute on function articles_about(text, text) to ${app};
grant execute on function find_passages(text, text[], text, text[], text[], float8[], float8, float8, float8, int)
    to ${app};
