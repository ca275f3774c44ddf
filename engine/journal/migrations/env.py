"""Run by Alembic: migrate over the connection that the journal has open, inside its transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
# Not in a transaction of Alembic's own: that would end the journal's before all is done.
context.run_migrations()
