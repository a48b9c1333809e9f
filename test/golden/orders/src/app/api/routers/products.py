"""Endpoints of products."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.api.deps import ProductServiceDep, RequiresStaff
from app.api.schemas.errors import error_responses
from app.api.schemas.product import (
    ListProductsQuery,
    Product,
    ProductCreate,
    ProductList,
    ProductUpdate,
)
from app.core.errors import (
    CategoryNotFoundError,
    ForbiddenError,
    InternalError,
    ProductNotFoundError,
    ProductSkuTakenError,
    ServiceUnavailableError,
    UnauthenticatedError,
    ValidationError,
)

router = APIRouter(prefix="/api/v1/products", tags=["Catalogue"])


@router.get(
    "",
    operation_id="listProducts",
    summary="List products",
    responses=error_responses(
        ValidationError, UnauthenticatedError, InternalError, ServiceUnavailableError
    ),
)
async def list_products(
    query: Annotated[ListProductsQuery, Query()], service: ProductServiceDep
) -> ProductList:
    """Soft-deleted products are left out."""
    page = query.to_page()
    rows, total = await service.list_products(query.to_filter(), page)
    return ProductList(
        data=[Product.model_validate(row) for row in rows],
        total=total,
        limit=page.limit,
        offset=page.offset,
    )


@router.post(
    "",
    operation_id="createProduct",
    summary="Add a product",
    status_code=status.HTTP_201_CREATED,
    dependencies=[RequiresStaff],
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        ForbiddenError,
        CategoryNotFoundError,
        ProductSkuTakenError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def create_product(body: ProductCreate, service: ProductServiceDep) -> Product:
    """Add a product."""
    found = await service.create_product(body.to_new())
    return Product.model_validate(found)


@router.get(
    "/{productId}",
    operation_id="getProduct",
    summary="Get a product",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        ProductNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def get_product(
    product_id: Annotated[UUID, Path(alias="productId")], service: ProductServiceDep
) -> Product:
    """Get a product."""
    found = await service.get_product(product_id)
    return Product.model_validate(found)


@router.patch(
    "/{productId}",
    operation_id="updateProduct",
    summary="Change a product",
    dependencies=[RequiresStaff],
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        ForbiddenError,
        CategoryNotFoundError,
        ProductNotFoundError,
        ProductSkuTakenError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def update_product(
    product_id: Annotated[UUID, Path(alias="productId")],
    body: ProductUpdate,
    service: ProductServiceDep,
) -> Product:
    """Change a product."""
    found = await service.update_product(product_id, body.to_changes())
    return Product.model_validate(found)


@router.delete(
    "/{productId}",
    operation_id="deleteProduct",
    summary="Take a product out of the catalogue",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[RequiresStaff],
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        ForbiddenError,
        ProductNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def delete_product(
    product_id: Annotated[UUID, Path(alias="productId")], service: ProductServiceDep
) -> None:
    """A soft delete, so that orders keep showing the product. Its SKU stays taken."""
    await service.delete_product(product_id)
