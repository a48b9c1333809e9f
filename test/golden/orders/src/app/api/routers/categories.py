"""Endpoints of categories."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, status

from app.api.deps import CategoryServiceDep, RequiresStaff
from app.api.schemas.category import (
    Category,
    CategoryCreate,
    CategoryList,
    CategoryUpdate,
    ListCategoriesQuery,
)
from app.api.schemas.errors import error_responses
from app.core.errors import (
    CategoryInUseError,
    CategoryNotFoundError,
    CategorySlugTakenError,
    ForbiddenError,
    InternalError,
    ServiceUnavailableError,
    UnauthenticatedError,
    ValidationError,
)

router = APIRouter(prefix="/api/v1/categories", tags=["Catalogue"])


@router.get(
    "",
    operation_id="listCategories",
    summary="List categories",
    responses=error_responses(
        ValidationError, UnauthenticatedError, InternalError, ServiceUnavailableError
    ),
)
async def list_categories(
    query: Annotated[ListCategoriesQuery, Query()], service: CategoryServiceDep
) -> CategoryList:
    """List categories."""
    page = query.to_page()
    rows, total = await service.list_categories(query.to_filter(), page)
    return CategoryList(
        data=[Category.model_validate(row) for row in rows],
        total=total,
        limit=page.limit,
        offset=page.offset,
    )


@router.post(
    "",
    operation_id="createCategory",
    summary="Add a category",
    status_code=status.HTTP_201_CREATED,
    dependencies=[RequiresStaff],
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        ForbiddenError,
        CategoryNotFoundError,
        CategorySlugTakenError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def create_category(
    body: CategoryCreate, service: CategoryServiceDep
) -> Category:
    """Add a category."""
    found = await service.create_category(body.to_new())
    return Category.model_validate(found)


@router.get(
    "/{categoryId}",
    operation_id="getCategory",
    summary="Get a category",
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        CategoryNotFoundError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def get_category(
    category_id: Annotated[UUID, Path(alias="categoryId")], service: CategoryServiceDep
) -> Category:
    """Get a category."""
    found = await service.get_category(category_id)
    return Category.model_validate(found)


@router.patch(
    "/{categoryId}",
    operation_id="updateCategory",
    summary="Change a category",
    dependencies=[RequiresStaff],
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        ForbiddenError,
        CategoryNotFoundError,
        CategorySlugTakenError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def update_category(
    category_id: Annotated[UUID, Path(alias="categoryId")],
    body: CategoryUpdate,
    service: CategoryServiceDep,
) -> Category:
    """Change a category."""
    found = await service.update_category(category_id, body.to_changes())
    return Category.model_validate(found)


@router.delete(
    "/{categoryId}",
    operation_id="deleteCategory",
    summary="Delete a category",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[RequiresStaff],
    responses=error_responses(
        ValidationError,
        UnauthenticatedError,
        ForbiddenError,
        CategoryNotFoundError,
        CategoryInUseError,
        InternalError,
        ServiceUnavailableError,
    ),
)
async def delete_category(
    category_id: Annotated[UUID, Path(alias="categoryId")], service: CategoryServiceDep
) -> None:
    """A category with products or child categories cannot be deleted."""
    await service.delete_category(category_id)
