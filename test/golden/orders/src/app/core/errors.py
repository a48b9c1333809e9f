"""Error catalogue: one class for each code of the error handling design."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar


class ErrorCode(StrEnum):
    """Stable codes that clients branch on."""

    VALIDATION_ERROR = "VALIDATION_ERROR"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    CUSTOMER_NOT_FOUND = "CUSTOMER_NOT_FOUND"
    ADDRESS_NOT_FOUND = "ADDRESS_NOT_FOUND"
    CATEGORY_NOT_FOUND = "CATEGORY_NOT_FOUND"
    PRODUCT_NOT_FOUND = "PRODUCT_NOT_FOUND"
    ORDER_NOT_FOUND = "ORDER_NOT_FOUND"
    ORDER_ITEM_NOT_FOUND = "ORDER_ITEM_NOT_FOUND"
    PAYMENT_NOT_FOUND = "PAYMENT_NOT_FOUND"
    SHIPMENT_NOT_FOUND = "SHIPMENT_NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    CUSTOMER_EMAIL_TAKEN = "CUSTOMER_EMAIL_TAKEN"
    CUSTOMER_IN_USE = "CUSTOMER_IN_USE"
    ADDRESS_DEFAULT_TAKEN = "ADDRESS_DEFAULT_TAKEN"
    ADDRESS_IN_USE = "ADDRESS_IN_USE"
    CATEGORY_SLUG_TAKEN = "CATEGORY_SLUG_TAKEN"
    CATEGORY_IN_USE = "CATEGORY_IN_USE"
    PRODUCT_SKU_TAKEN = "PRODUCT_SKU_TAKEN"
    ORDER_ITEM_DUPLICATE = "ORDER_ITEM_DUPLICATE"
    ORDER_NOT_EDITABLE = "ORDER_NOT_EDITABLE"
    ORDER_EMPTY = "ORDER_EMPTY"
    ORDER_INVALID_TRANSITION = "ORDER_INVALID_TRANSITION"
    PAYMENT_REFERENCE_TAKEN = "PAYMENT_REFERENCE_TAKEN"
    SHIPMENT_TRACKING_TAKEN = "SHIPMENT_TRACKING_TAKEN"
    INTERNAL_ERROR = "INTERNAL_ERROR"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"


class AppError(Exception):
    """A failure of the catalogue; the central handlers turn it into the envelope."""

    code: ClassVar[ErrorCode]
    status_code: ClassVar[int]
    retryable: ClassVar[bool] = False
    retry_after: int | None = None
    """Seconds after which a client may try again."""

    default_message: ClassVar[str]

    def __init__(
        self, message: str | None = None, details: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        self.message = message or self.default_message
        self.details = tuple(details)
        super().__init__(self.message)


class ValidationError(AppError):
    """The request is not valid."""

    code = ErrorCode.VALIDATION_ERROR
    status_code = 400
    default_message = "The request is not valid"


class UnauthenticatedError(AppError):
    """Authentication is required."""

    code = ErrorCode.UNAUTHENTICATED
    status_code = 401
    default_message = "Authentication is required"


class ForbiddenError(AppError):
    """You may not do this."""

    code = ErrorCode.FORBIDDEN
    status_code = 403
    default_message = "You may not do this"


class NotFoundError(AppError):
    """There is nothing at this address."""

    code = ErrorCode.NOT_FOUND
    status_code = 404
    default_message = "There is nothing at this address"


class CustomerNotFoundError(AppError):
    """The customer does not exist."""

    code = ErrorCode.CUSTOMER_NOT_FOUND
    status_code = 404
    default_message = "The customer does not exist"


class AddressNotFoundError(AppError):
    """The address does not exist."""

    code = ErrorCode.ADDRESS_NOT_FOUND
    status_code = 404
    default_message = "The address does not exist"


class CategoryNotFoundError(AppError):
    """The category does not exist."""

    code = ErrorCode.CATEGORY_NOT_FOUND
    status_code = 404
    default_message = "The category does not exist"


class ProductNotFoundError(AppError):
    """The product does not exist."""

    code = ErrorCode.PRODUCT_NOT_FOUND
    status_code = 404
    default_message = "The product does not exist"


class OrderNotFoundError(AppError):
    """The order does not exist."""

    code = ErrorCode.ORDER_NOT_FOUND
    status_code = 404
    default_message = "The order does not exist"


class OrderItemNotFoundError(AppError):
    """The order item does not exist."""

    code = ErrorCode.ORDER_ITEM_NOT_FOUND
    status_code = 404
    default_message = "The order item does not exist"


class PaymentNotFoundError(AppError):
    """The payment does not exist."""

    code = ErrorCode.PAYMENT_NOT_FOUND
    status_code = 404
    default_message = "The payment does not exist"


class ShipmentNotFoundError(AppError):
    """The shipment does not exist."""

    code = ErrorCode.SHIPMENT_NOT_FOUND
    status_code = 404
    default_message = "The shipment does not exist"


class MethodNotAllowedError(AppError):
    """This address does not support the method."""

    code = ErrorCode.METHOD_NOT_ALLOWED
    status_code = 405
    default_message = "This address does not support the method"


class CustomerEmailTakenError(AppError):
    """A customer with this email already exists."""

    code = ErrorCode.CUSTOMER_EMAIL_TAKEN
    status_code = 409
    default_message = "A customer with this email already exists"


class CustomerInUseError(AppError):
    """The customer has orders."""

    code = ErrorCode.CUSTOMER_IN_USE
    status_code = 409
    default_message = "The customer has orders"


class AddressDefaultTakenError(AppError):
    """The customer already has a default address of this kind."""

    code = ErrorCode.ADDRESS_DEFAULT_TAKEN
    status_code = 409
    default_message = "The customer already has a default address of this kind"


class AddressInUseError(AppError):
    """An order ships to this address."""

    code = ErrorCode.ADDRESS_IN_USE
    status_code = 409
    default_message = "An order ships to this address"


class CategorySlugTakenError(AppError):
    """A category with this slug already exists."""

    code = ErrorCode.CATEGORY_SLUG_TAKEN
    status_code = 409
    default_message = "A category with this slug already exists"


class CategoryInUseError(AppError):
    """The category is not empty."""

    code = ErrorCode.CATEGORY_IN_USE
    status_code = 409
    default_message = "The category is not empty"


class ProductSkuTakenError(AppError):
    """A product with this SKU already exists."""

    code = ErrorCode.PRODUCT_SKU_TAKEN
    status_code = 409
    default_message = "A product with this SKU already exists"


class OrderItemDuplicateError(AppError):
    """The product is already in the order."""

    code = ErrorCode.ORDER_ITEM_DUPLICATE
    status_code = 409
    default_message = "The product is already in the order"


class OrderNotEditableError(AppError):
    """The order is no longer a draft."""

    code = ErrorCode.ORDER_NOT_EDITABLE
    status_code = 409
    default_message = "The order is no longer a draft"


class OrderEmptyError(AppError):
    """The order has no items."""

    code = ErrorCode.ORDER_EMPTY
    status_code = 409
    default_message = "The order has no items"


class OrderInvalidTransitionError(AppError):
    """The order is not in a status that allows this."""

    code = ErrorCode.ORDER_INVALID_TRANSITION
    status_code = 409
    default_message = "The order is not in a status that allows this"


class PaymentReferenceTakenError(AppError):
    """A payment with this reference already exists."""

    code = ErrorCode.PAYMENT_REFERENCE_TAKEN
    status_code = 409
    default_message = "A payment with this reference already exists"


class ShipmentTrackingTakenError(AppError):
    """A shipment with this tracking number already exists."""

    code = ErrorCode.SHIPMENT_TRACKING_TAKEN
    status_code = 409
    default_message = "A shipment with this tracking number already exists"


class InternalError(AppError):
    """Something went wrong."""

    code = ErrorCode.INTERNAL_ERROR
    status_code = 500
    default_message = "Something went wrong"


class ServiceUnavailableError(AppError):
    """The service is temporarily unavailable."""

    code = ErrorCode.SERVICE_UNAVAILABLE
    status_code = 503
    retryable = True
    retry_after = 1
    default_message = "The service is temporarily unavailable"
