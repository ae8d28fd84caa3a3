"""Row-level security, as statements for migrations."""

FUNCTIONS = """
create function app_user() returns uuid language sql stable
    as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;
create function app_organization() returns uuid language sql stable
    as $$ select nullif(current_setting('app.organization_id', true), '')::uuid $$;
create function app_system() returns boolean language sql stable
    as $$ select coalesce(current_setting('app.system', true), '') = 'on' $$;
create function refuse_change() returns trigger language plpgsql
    as $$ begin raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege'; end $$;
"""

TENANT = "organization_id = app_organization() or app_system()"
SYSTEM = "app_system()"


def protect(table: str, rule: str = TENANT, *, new_rows: str = "") -> list[str]:
    """Statements after which only rows that satisfy the rule can be read or written, by the owner too.

    ``new_rows`` is another rule for what a row may be after a write.
    """
    return [
        f"alter table {table} enable row level security",
        f"alter table {table} force row level security",
        f"create policy {table}_policy on {table} using ({rule}) with check ({new_rows or rule})",
    ]


def append_only(table: str) -> str:
    """A statement after which rows can be added but never changed, removed or truncated."""
    return (
        f"create trigger {table}_append_only before update or delete or truncate on {table}"
        " for each statement execute function refuse_change()"
    )
