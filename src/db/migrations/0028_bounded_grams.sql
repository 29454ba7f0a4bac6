-- Pieces of the first 200 letters of a name and the first 100 before the @: a name of a million letters, put there past every edge, took
-- Postgres hours, since each piece was looked for from the beginning; attributes that are no object could not be stored at all. Rows are found as before; nothing has to be indexed again.
create or replace function reader_grams(email_key text, name text, attributes jsonb) returns text[]
language sql immutable parallel safe cost 10000 as $$
  select array(
    select substr(t.word, at, case when ascii(substr(t.word, at, 1)) > 127 then 2 else 3 end)
    from (values (left(split_part(email_key, '@', 1), 100)),
        (translate(left(name, 200), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ ', 'abcdefghijklmnopqrstuvwxyz'))) t (word),
      generate_series(1, greatest(1, length(t.word) - 1)) at
    where t.word <> '' and (at <= length(t.word) - 2 or ascii(substr(t.word, at, 1)) > 127 or length(t.word) < 3)
    union
    select '^' || substr(name, 1, 1) where ascii(name) > 127
    union
    select left(a.key || '=' || a.value, 100) from jsonb_each_text(case jsonb_typeof(attributes) when 'object' then attributes else '{}' end) a
  )
$$;
