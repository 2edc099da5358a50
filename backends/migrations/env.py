"""Alembic's entry point: runs the migrations on the connection that `backends/database.py` passes in."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
