"""Initial schema, part 3: row security."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _secure_address() -> None:
    op.execute("ALTER TABLE addresses ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE addresses FORCE ROW LEVEL SECURITY")
    op.execute("""
CREATE POLICY addresses_owner ON addresses FOR ALL
  USING (EXISTS (SELECT 1 FROM customers WHERE customers.id = addresses.customer_id
    AND customers.owner_id = nullif(current_setting('app.user_id', true), '')::uuid))
  WITH CHECK (EXISTS (SELECT 1 FROM customers WHERE customers.id = addresses.customer_id
    AND customers.owner_id = nullif(current_setting('app.user_id', true), '')::uuid))
""")


def _secure_order() -> None:
    op.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE orders FORCE ROW LEVEL SECURITY")
    op.execute("""
CREATE POLICY orders_owner ON orders FOR ALL
  USING (owner_id = nullif(current_setting('app.user_id', true), '')::uuid)
  WITH CHECK (owner_id = nullif(current_setting('app.user_id', true), '')::uuid)
""")


def _secure_order_item() -> None:
    op.execute("ALTER TABLE order_items ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE order_items FORCE ROW LEVEL SECURITY")
    op.execute("""
CREATE POLICY order_items_owner ON order_items FOR ALL
  USING (EXISTS (SELECT 1 FROM orders WHERE orders.id = order_items.order_id
    AND orders.owner_id = nullif(current_setting('app.user_id', true), '')::uuid))
  WITH CHECK (EXISTS (SELECT 1 FROM orders WHERE orders.id = order_items.order_id
    AND orders.owner_id = nullif(current_setting('app.user_id', true), '')::uuid))
""")


def _secure_payment() -> None:
    op.execute("ALTER TABLE payments ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payments FORCE ROW LEVEL SECURITY")
    op.execute("""
CREATE POLICY payments_owner ON payments FOR ALL
  USING (EXISTS (SELECT 1 FROM orders WHERE orders.id = payments.order_id
    AND orders.owner_id = nullif(current_setting('app.user_id', true), '')::uuid))
  WITH CHECK (EXISTS (SELECT 1 FROM orders WHERE orders.id = payments.order_id
    AND orders.owner_id = nullif(current_setting('app.user_id', true), '')::uuid))
""")


def _secure_shipment() -> None:
    op.execute("ALTER TABLE shipments ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE shipments FORCE ROW LEVEL SECURITY")
    op.execute("""
CREATE POLICY shipments_owner ON shipments FOR ALL
  USING (EXISTS (SELECT 1 FROM orders WHERE orders.id = shipments.order_id
    AND orders.owner_id = nullif(current_setting('app.user_id', true), '')::uuid))
  WITH CHECK (EXISTS (SELECT 1 FROM orders WHERE orders.id = shipments.order_id
    AND orders.owner_id = nullif(current_setting('app.user_id', true), '')::uuid))
""")


def _secure_order_status_history() -> None:
    op.execute("ALTER TABLE order_status_history ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE order_status_history FORCE ROW LEVEL SECURITY")
    op.execute("""
CREATE POLICY order_status_history_read ON order_status_history FOR SELECT
  USING (EXISTS (SELECT 1 FROM orders WHERE orders.id = order_status_history.order_id
    AND orders.owner_id = nullif(current_setting('app.user_id', true), '')::uuid))
""")
    op.execute("""
CREATE POLICY order_status_history_append ON order_status_history FOR INSERT
  WITH CHECK (EXISTS (SELECT 1 FROM orders WHERE orders.id = order_status_history.order_id
    AND orders.owner_id = nullif(current_setting('app.user_id', true), '')::uuid))
""")


def upgrade() -> None:
    """Apply the design."""
    _secure_address()
    _secure_order()
    _secure_order_item()
    _secure_payment()
    _secure_shipment()
    _secure_order_status_history()


def downgrade() -> None:
    """Take it back, last things first."""
    op.execute(
        "DROP POLICY IF EXISTS order_status_history_append ON order_status_history"
    )
    op.execute(
        "DROP POLICY IF EXISTS order_status_history_read ON order_status_history"
    )
    op.execute("ALTER TABLE order_status_history DISABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE order_status_history NO FORCE ROW LEVEL SECURITY")
    op.execute("DROP POLICY IF EXISTS shipments_owner ON shipments")
    op.execute("ALTER TABLE shipments DISABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE shipments NO FORCE ROW LEVEL SECURITY")
    op.execute("DROP POLICY IF EXISTS payments_owner ON payments")
    op.execute("ALTER TABLE payments DISABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payments NO FORCE ROW LEVEL SECURITY")
    op.execute("DROP POLICY IF EXISTS order_items_owner ON order_items")
    op.execute("ALTER TABLE order_items DISABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE order_items NO FORCE ROW LEVEL SECURITY")
    op.execute("DROP POLICY IF EXISTS orders_owner ON orders")
    op.execute("ALTER TABLE orders DISABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE orders NO FORCE ROW LEVEL SECURITY")
    op.execute("DROP POLICY IF EXISTS addresses_owner ON addresses")
    op.execute("ALTER TABLE addresses DISABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE addresses NO FORCE ROW LEVEL SECURITY")
