"""Rules of the design, as functions of the domain; these are kept by something else.

BR-1: An account sees and changes its own customers and orders only. Kept by what is
answered with CUSTOMER_NOT_FOUND, ORDER_NOT_FOUND.

BR-2: Only staff change the catalogue; every signed-in account may read it (FORBIDDEN).
Kept by what is answered with FORBIDDEN.

BR-3: A customer's e-mail address is unique within its account, whatever its case. Kept
by what is answered with CUSTOMER_EMAIL_TAKEN.

BR-4: A customer has at most one default address of each kind. Kept by what is answered
with ADDRESS_DEFAULT_TAKEN.

BR-5: A product that is taken out of the catalogue stays visible in old orders and
cannot be ordered again. Kept by what is answered with PRODUCT_NOT_FOUND.

BR-6: An order item keeps the price at which it was ordered; without a negotiated price
that is the product's price at that moment. Kept by the SQL of the design, which names
it.

BR-7: A product stands at most once in an order; more of it is a larger quantity. Kept
by what is answered with ORDER_ITEM_DUPLICATE.

BR-8: The items of an order change only while it is a draft. Kept by what is answered
with ORDER_NOT_EDITABLE.

BR-9: An order without items cannot be submitted. Kept by what is answered with
ORDER_EMPTY.

BR-10: An order changes its status only along the transitions of section 4. Kept by what
is answered with ORDER_INVALID_TRANSITION.

BR-11: Orders are never deleted, they are cancelled; customers and addresses that orders
use cannot be deleted. Kept by what is answered with CUSTOMER_IN_USE, ADDRESS_IN_USE.

INV-1: Order.total_amount is the sum of the line_total of its items, after every change
of an item. Kept by the SQL of the design, which names it.

INV-2: The customer of an order belongs to the same account as the order. Kept by the
SQL of the design, which names it.

INV-3: The shipping address of an order is an address of its customer. Kept by the SQL
of the design, which names it.

INV-4: Every change of an order's status has exactly one row in the history. Kept by the
SQL of the design, which names it.
"""
