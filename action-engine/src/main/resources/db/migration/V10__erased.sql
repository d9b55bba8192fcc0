-- The customer of its ticket was erased: what is personal in it goes as soon as it is over, and whenever it is written after.
alter table action add column erased boolean not null default false;
