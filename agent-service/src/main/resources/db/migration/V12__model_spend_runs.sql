-- In how many runs each model was asked, counted with the first time in each.
alter table model_spend add column runs bigint not null default 0;
