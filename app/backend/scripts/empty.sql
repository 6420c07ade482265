-- Drops everything in the current schema of a PostgreSQL database but the schema itself, its
-- grants and what belongs to extensions.
SET LOCAL client_min_messages = warning;
DO $$
DECLARE
    command text;
BEGIN
    FOR command IN
        -- Tables first: with them go their sequences, which may not go before them.
        SELECT 'DROP ' || kinds.name || ' IF EXISTS '
            || quote_ident(current_schema()) || '.' || quote_ident(relname) || ' CASCADE'
        FROM pg_class
        JOIN (VALUES
            ('p', 1, 'TABLE'), ('r', 2, 'TABLE'), ('f', 3, 'FOREIGN TABLE'),
            ('m', 4, 'MATERIALIZED VIEW'), ('v', 5, 'VIEW'), ('S', 6, 'SEQUENCE')
        ) AS kinds (relkind, place, name) ON kinds.relkind = pg_class.relkind::text
        WHERE relnamespace = current_schema()::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
        ORDER BY kinds.place
    LOOP
        EXECUTE command;
    END LOOP;
    FOR command IN
        SELECT 'DROP ROUTINE IF EXISTS ' || pg_proc.oid::regprocedure || ' CASCADE'
        FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    LOOP
        EXECUTE command;
    END LOOP;
    FOR command IN
        SELECT 'DROP ' || CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END || ' IF EXISTS '
            || quote_ident(current_schema()) || '.' || quote_ident(typname) || ' CASCADE'
        FROM pg_type
        WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('e', 'd')
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_type.oid AND deptype = 'e')
    LOOP
        EXECUTE command;
    END LOOP;
END
$$;
