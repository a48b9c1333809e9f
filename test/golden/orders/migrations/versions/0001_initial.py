"""Initial schema, part 1: types, tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIMESTAMPTZ = sa.DateTime(timezone=True)
NOW = sa.func.now()
NEW_UUID = sa.text("gen_random_uuid()")


def _create_enums() -> None:
    op.execute(
        "CREATE TYPE order_status AS ENUM ('draft', 'submitted', "
        "'paid', 'shipped', 'delivered', 'cancelled')"
    )


def _create_sequences() -> None:
    op.execute("CREATE SEQUENCE order_number_seq")


def _create_category() -> None:
    op.create_table(
        "categories",
        sa.Column("id", sa.Uuid(), server_default=NEW_UUID, nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column(
            "position", sa.SmallInteger(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column("created_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="categories_pkey"),
        sa.UniqueConstraint("slug", name="categories_slug_key"),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["categories.id"],
            name="categories_parent_id_fkey",
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint(
            "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="categories_slug_check"
        ),
        sa.CheckConstraint("position >= 0", name="categories_position_check"),
    )


def _index_category() -> None:
    op.create_index("categories_parent_id_idx", "categories", ["parent_id"])


def _create_product() -> None:
    op.create_table(
        "products",
        sa.Column("id", sa.Uuid(), server_default=NEW_UUID, nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.String(40), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("price", sa.Numeric(12, 2), nullable=False),
        sa.Column(
            "stock_quantity", sa.Integer(), server_default=sa.text("0"), nullable=False
        ),
        sa.Column(
            "active", sa.Boolean(), server_default=sa.text("true"), nullable=False
        ),
        sa.Column(
            "tags",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "attributes",
            postgresql.JSONB(none_as_null=True),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("created_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.Column("deleted_at", TIMESTAMPTZ),
        sa.PrimaryKeyConstraint("id", name="products_pkey"),
        sa.UniqueConstraint("sku", name="products_sku_key"),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name="products_category_id_fkey",
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint(
            "sku ~ '^[A-Z0-9][A-Z0-9-]{2,39}$'", name="products_sku_check"
        ),
        sa.CheckConstraint("price > 0", name="products_price_check"),
        sa.CheckConstraint("stock_quantity >= 0", name="products_stock_quantity_check"),
    )


def _index_product() -> None:
    op.create_index(
        "products_category_id_idx",
        "products",
        ["category_id"],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("products_name_lower_idx", "products", [sa.text("lower(name)")])
    op.create_index("products_tags_idx", "products", ["tags"], postgresql_using="gin")


def _create_customer() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), server_default=NEW_UUID, nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("phone", sa.String(32)),
        sa.Column("vat_id", sa.String(20)),
        sa.Column(
            "payment_terms",
            sa.Text(),
            server_default=sa.text("'net30'"),
            nullable=False,
        ),
        sa.Column("credit_limit", sa.Numeric(12, 2)),
        sa.Column("created_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="customers_pkey"),
        sa.UniqueConstraint("id", "owner_id", name="customers_id_owner_key"),
        sa.CheckConstraint(
            "payment_terms IN ('prepaid', 'net14', 'net30')",
            name="customers_payment_terms_check",
        ),
        sa.CheckConstraint("credit_limit >= 0", name="customers_credit_limit_check"),
    )


def _index_customer() -> None:
    op.create_index(
        "customers_owner_email_key",
        "customers",
        ["owner_id", sa.text("lower(email)")],
        unique=True,
    )
    op.create_index("customers_owner_name_idx", "customers", ["owner_id", "name"])


def _create_address() -> None:
    op.create_table(
        "addresses",
        sa.Column("id", sa.Uuid(), server_default=NEW_UUID, nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind", sa.Text(), server_default=sa.text("'shipping'"), nullable=False
        ),
        sa.Column("line1", sa.String(200), nullable=False),
        sa.Column("line2", sa.String(200)),
        sa.Column("postal_code", sa.String(16), nullable=False),
        sa.Column("city", sa.String(120), nullable=False),
        sa.Column("country", sa.CHAR(2), nullable=False),
        sa.Column(
            "is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("created_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="addresses_pkey"),
        sa.UniqueConstraint("customer_id", "id", name="addresses_customer_key"),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name="addresses_customer_id_fkey",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "kind IN ('billing', 'shipping')", name="addresses_kind_check"
        ),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="addresses_country_check"),
    )


def _index_address() -> None:
    op.create_index(
        "addresses_default_key",
        "addresses",
        ["customer_id", "kind"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )


def _create_order() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), server_default=NEW_UUID, nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column(
            "number",
            sa.String(20),
            server_default=sa.text(
                "('SO-' || lpad(nextval('order_number_seq')::text, 8, '0'))"
            ),
            nullable=False,
        ),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("shipping_address_id", sa.Uuid()),
        sa.Column(
            "status",
            postgresql.ENUM(name="order_status", create_type=False),
            server_default=sa.text("'draft'"),
            nullable=False,
        ),
        sa.Column(
            "currency", sa.CHAR(3), server_default=sa.text("'EUR'"), nullable=False
        ),
        sa.Column(
            "total_amount",
            sa.Numeric(12, 2),
            server_default=sa.text("0"),
            nullable=False,
        ),
        sa.Column("requested_delivery_date", sa.Date()),
        sa.Column("notes", sa.String(2000)),
        sa.Column("created_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="orders_pkey"),
    )


def _constrain_order() -> None:
    op.create_unique_constraint("orders_number_key", "orders", ["number"])
    op.create_foreign_key(
        "orders_customer_fkey",
        "orders",
        "customers",
        ["customer_id", "owner_id"],
        ["id", "owner_id"],
        ondelete="RESTRICT",
    )
    op.create_foreign_key(
        "orders_shipping_address_fkey",
        "orders",
        "addresses",
        ["customer_id", "shipping_address_id"],
        ["customer_id", "id"],
        ondelete="RESTRICT",
    )
    op.create_check_constraint(
        "orders_currency_check", "orders", "currency ~ '^[A-Z]{3}$'"
    )
    op.create_check_constraint(
        "orders_total_amount_check", "orders", "total_amount >= 0"
    )
    op.create_check_constraint(
        "orders_not_empty_check",
        "orders",
        "total_amount > 0 OR status IN ('draft', 'cancelled')",
    )


def _index_order() -> None:
    op.create_index(
        "orders_owner_created_idx", "orders", ["owner_id", sa.text("created_at DESC")]
    )
    op.create_index("orders_customer_id_idx", "orders", ["customer_id"])
    op.create_index(
        "orders_open_idx",
        "orders",
        ["owner_id", "status"],
        postgresql_where=sa.text("status IN ('draft', 'submitted', 'paid')"),
    )


def _create_order_item() -> None:
    op.create_table(
        "order_items",
        sa.Column("id", sa.Uuid(), server_default=NEW_UUID, nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(12, 2), nullable=False),
        sa.Column(
            "line_total",
            sa.Numeric(12, 2),
            sa.Computed("quantity * unit_price", persisted=True),
            nullable=False,
        ),
        sa.Column("created_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.Column("updated_at", TIMESTAMPTZ, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="order_items_pkey"),
        sa.UniqueConstraint(
            "order_id", "product_id", name="order_items_order_product_key"
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["orders.id"],
            name="order_items_order_id_fkey",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name="order_items_product_id_fkey",
            ondelete="RESTRICT",
        ),
        sa.CheckConstraint(
            "quantity BETWEEN 1 AND 9999", name="order_items_quantity_check"
        ),
        sa.CheckConstraint("unit_price > 0", name="order_items_unit_price_check"),
    )


def _index_order_item() -> None:
    op.create_index("order_items_product_id_idx", "order_items", ["product_id"])


def upgrade() -> None:
    """Apply the design."""
    _create_enums()
    _create_sequences()
    _create_category()
    _index_category()
    _create_product()
    _index_product()
    _create_customer()
    _index_customer()
    _create_address()
    _index_address()
    _create_order()
    _constrain_order()
    _index_order()
    _create_order_item()
    _index_order_item()


def downgrade() -> None:
    """Take it back, last things first."""
    op.drop_table("order_items")
    op.drop_table("orders")
    op.drop_table("addresses")
    op.drop_table("customers")
    op.drop_table("products")
    op.drop_table("categories")
    op.execute("DROP SEQUENCE IF EXISTS order_number_seq")
    op.execute("DROP TYPE IF EXISTS order_status")
