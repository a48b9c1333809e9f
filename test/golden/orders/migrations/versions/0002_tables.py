"""Initial schema, part 2: tables, functions, row security."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIMESTAMPTZ = sa.DateTime(timezone=True)
NOW = sa.func.now()
NEW_UUID = sa.text("gen_random_uuid()")


def _create_payment() -> None:
    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), server_default=NEW_UUID, nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(12, 2), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("paid_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.Column("created_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="payments_pkey"),
        sa.UniqueConstraint(
            "order_id", "reference", name="payments_order_reference_key"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name="payments_order_id_fkey",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "method IN ('bank_transfer', 'card', 'direct_debit')",
            name="payments_method_check",
        ),
        sa.CheckConstraint("amount > 0", name="payments_amount_check"),
    )


def _create_shipment() -> None:
    op.create_table(
        "shipments",
        sa.Column("id", sa.Uuid(), server_default=NEW_UUID, nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("tracking_number", sa.String(64)),
        sa.Column("shipped_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.Column("delivered_at", TIMESTAMPTZ),
        sa.Column("created_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="shipments_pkey"),
        sa.UniqueConstraint(
            "order_id", "tracking_number", name="shipments_order_tracking_key"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name="shipments_order_id_fkey",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "carrier IN ('dhl', 'ups', 'fedex', 'pickup')",
            name="shipments_carrier_check",
        ),
        sa.CheckConstraint(
            "delivered_at >= shipped_at", name="shipments_delivered_at_check"
        ),
    )


def _create_order_status_history() -> None:
    op.create_table(
        "order_status_history",
        sa.Column("id", sa.Uuid(), server_default=NEW_UUID, nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column(
            "from_status", postgresql.ENUM(name="order_status", create_type=False)
        ),
        sa.Column(
            "to_status",
            postgresql.ENUM(name="order_status", create_type=False),
            nullable=False,
        ),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="order_status_history_pkey"),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name="order_status_history_order_id_fkey",
            ondelete="CASCADE",
        ),
    )


def _index_order_status_history() -> None:
    op.create_index(
        "order_status_history_order_idx",
        "order_status_history",
        ["order_id", sa.text("created_at DESC")],
    )


def _create_functions() -> None:
    op.execute("""
CREATE FUNCTION set_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END;
$$
""")
    op.execute("""
CREATE FUNCTION fill_order_item_price() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  catalogue_price numeric(12,2);
BEGIN
  SELECT price INTO catalogue_price
    FROM products
   WHERE id = NEW.product_id AND active AND deleted_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'product % is not for sale', NEW.product_id
      USING ERRCODE = 'foreign_key_violation', TABLE = 'order_items', CONSTRAINT = 'order_items_product_id_fkey';
  END IF;
  -- BR-6: the price stays what it was when the item was ordered.
  NEW.unit_price := coalesce(NEW.unit_price, catalogue_price);
  RETURN NEW;
END;
$$
""")
    op.execute("""
CREATE FUNCTION guard_order_items() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  touched uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.order_id ELSE NEW.order_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM orders WHERE id = touched AND status <> 'draft') THEN
    RAISE EXCEPTION 'order % is no longer a draft', touched
      USING ERRCODE = 'check_violation', TABLE = 'order_items', CONSTRAINT = 'order_items_draft_check';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$
""")


def _create_functions_2() -> None:
    op.execute("""
CREATE FUNCTION recompute_order_total() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  touched uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.order_id ELSE NEW.order_id END;
BEGIN
  -- INV-1
  UPDATE orders
     SET total_amount = (SELECT coalesce(sum(line_total), 0) FROM order_items WHERE order_id = touched)
   WHERE id = touched;
  RETURN NULL;
END;
$$
""")
    op.execute("""
CREATE FUNCTION record_order_status() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  -- INV-4
  INSERT INTO order_status_history (order_id, from_status, to_status, changed_by)
  VALUES (
    NEW.id,
    CASE WHEN TG_OP = 'UPDATE' THEN OLD.status END,
    NEW.status,
    coalesce(nullif(current_setting('app.user_id', true), '')::uuid, NEW.owner_id)
  );
  RETURN NULL;
END;
$$
""")


def _create_triggers() -> None:
    op.execute("""
CREATE TRIGGER categories_set_updated_at BEFORE UPDATE ON categories
  FOR EACH ROW EXECUTE FUNCTION set_updated_at()
""")
    op.execute("""
CREATE TRIGGER products_set_updated_at BEFORE UPDATE ON products
  FOR EACH ROW EXECUTE FUNCTION set_updated_at()
""")
    op.execute("""
CREATE TRIGGER customers_set_updated_at BEFORE UPDATE ON customers
  FOR EACH ROW EXECUTE FUNCTION set_updated_at()
""")
    op.execute("""
CREATE TRIGGER addresses_set_updated_at BEFORE UPDATE ON addresses
  FOR EACH ROW EXECUTE FUNCTION set_updated_at()
""")
    op.execute("""
CREATE TRIGGER orders_set_updated_at BEFORE UPDATE ON orders
  FOR EACH ROW EXECUTE FUNCTION set_updated_at()
""")
    op.execute("""
CREATE TRIGGER order_items_set_updated_at BEFORE UPDATE ON order_items
  FOR EACH ROW EXECUTE FUNCTION set_updated_at()
""")
    op.execute("""
CREATE TRIGGER order_items_fill_price BEFORE INSERT ON order_items
  FOR EACH ROW EXECUTE FUNCTION fill_order_item_price()
""")
    op.execute("""
CREATE TRIGGER order_items_guard BEFORE INSERT OR UPDATE OR DELETE ON order_items
  FOR EACH ROW EXECUTE FUNCTION guard_order_items()
""")
    op.execute("""
CREATE TRIGGER order_items_recompute_total AFTER INSERT OR UPDATE OR DELETE ON order_items
  FOR EACH ROW EXECUTE FUNCTION recompute_order_total()
""")
    op.execute("""
CREATE TRIGGER shipments_set_updated_at BEFORE UPDATE ON shipments
  FOR EACH ROW EXECUTE FUNCTION set_updated_at()
""")
    op.execute("""
CREATE TRIGGER orders_record_created AFTER INSERT ON orders
  FOR EACH ROW EXECUTE FUNCTION record_order_status()
""")


def _create_triggers_2() -> None:
    op.execute("""
CREATE TRIGGER orders_record_status AFTER UPDATE OF status ON orders
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION record_order_status()
""")


def _comment_on_schema() -> None:
    op.execute("COMMENT ON CONSTRAINT orders_customer_fkey ON orders IS 'INV-2'")
    op.execute(
        "COMMENT ON CONSTRAINT orders_shipping_address_fkey ON orders IS 'INV-3'"
    )


def _secure_category() -> None:
    op.execute("ALTER TABLE categories ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE categories FORCE ROW LEVEL SECURITY")
    op.execute("""
CREATE POLICY categories_read ON categories FOR SELECT
  USING (nullif(current_setting('app.user_id', true), '') IS NOT NULL)
""")
    op.execute("""
CREATE POLICY categories_staff ON categories FOR ALL
  USING (current_setting('app.role', true) = 'staff')
  WITH CHECK (current_setting('app.role', true) = 'staff')
""")


def _secure_product() -> None:
    op.execute("ALTER TABLE products ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE products FORCE ROW LEVEL SECURITY")
    op.execute("""
CREATE POLICY products_read ON products FOR SELECT
  USING (nullif(current_setting('app.user_id', true), '') IS NOT NULL)
""")
    op.execute("""
CREATE POLICY products_staff ON products FOR ALL
  USING (current_setting('app.role', true) = 'staff')
  WITH CHECK (current_setting('app.role', true) = 'staff')
""")


def _secure_customer() -> None:
    op.execute("ALTER TABLE customers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE customers FORCE ROW LEVEL SECURITY")
    op.execute("""
CREATE POLICY customers_owner ON customers FOR ALL
  USING (owner_id = nullif(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (owner_id = nullif(current_setting('app.user_id', true), '')::uuid)
""")


def upgrade() -> None:
    """Apply the design."""
    _create_payment()
    _create_shipment()
    _create_order_status_history()
    _index_order_status_history()
    _create_functions()
    _create_functions_2()
    _create_triggers()
    _create_triggers_2()
    _comment_on_schema()
    _secure_category()
    _secure_product()
    _secure_customer()


def downgrade() -> None:
    """Take it back, last things first."""
    op.execute("DROP POLICY IF EXISTS customers_owner ON customers")
    op.execute("ALTER TABLE customers DISABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE customers NO FORCE ROW LEVEL SECURITY")
    op.execute("DROP POLICY IF EXISTS products_staff ON products")
    op.execute("DROP POLICY IF EXISTS products_read ON products")
    op.execute("ALTER TABLE products DISABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE products NO FORCE ROW LEVEL SECURITY")
    op.execute("DROP POLICY IF EXISTS categories_staff ON categories")
    op.execute("DROP POLICY IF EXISTS categories_read ON categories")
    op.execute("ALTER TABLE categories DISABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE categories NO FORCE ROW LEVEL SECURITY")
    op.execute("DROP TRIGGER IF EXISTS orders_record_status ON orders")
    op.execute("DROP TRIGGER IF EXISTS orders_record_created ON orders")
    op.execute("DROP TRIGGER IF EXISTS shipments_set_updated_at ON shipments")
    op.execute("DROP TRIGGER IF EXISTS order_items_recompute_total ON order_items")
    op.execute("DROP TRIGGER IF EXISTS order_items_guard ON order_items")
    op.execute("DROP TRIGGER IF EXISTS order_items_fill_price ON order_items")
    op.execute("DROP TRIGGER IF EXISTS order_items_set_updated_at ON order_items")
    op.execute("DROP TRIGGER IF EXISTS orders_set_updated_at ON orders")
    op.execute("DROP TRIGGER IF EXISTS addresses_set_updated_at ON addresses")
    op.execute("DROP TRIGGER IF EXISTS customers_set_updated_at ON customers")
    op.execute("DROP TRIGGER IF EXISTS products_set_updated_at ON products")
    op.execute("DROP TRIGGER IF EXISTS categories_set_updated_at ON categories")
    op.execute("DROP FUNCTION IF EXISTS record_order_status CASCADE")
    op.execute("DROP FUNCTION IF EXISTS recompute_order_total CASCADE")
    op.execute("DROP FUNCTION IF EXISTS guard_order_items CASCADE")
    op.execute("DROP FUNCTION IF EXISTS fill_order_item_price CASCADE")
    op.execute("DROP FUNCTION IF EXISTS set_updated_at CASCADE")
    op.drop_table("order_status_history")
    op.drop_table("shipments")
    op.drop_table("payments")
